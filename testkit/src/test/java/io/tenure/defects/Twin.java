package io.tenure.defects;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * A second copy of the project's classes in this JVM, some of them changed. Libraries are shared
 * with the first one.
 */
final class Twin extends ClassLoader {
  private static final String OURS = "io.tenure.";

  /** Keeps an account of the whole JVM. */
  private static final String SHARED = "io.tenure.testkit.server.";

  static {
    registerAsParallelCapable();
  }

  private final Map<String, byte[]> others;

  /**
   * Creates a copy.
   *
   * @param others the bytes of classes that are changed, or that the class path does not have
   */
  Twin(Map<String, byte[]> others) {
    super("twin", Twin.class.getClassLoader());
    this.others = Map.copyOf(others);
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(OURS) || name.startsWith(SHARED)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      if (loaded == null) {
        byte[] bytes = bytes(name);
        loaded = defineClass(name, bytes, 0, bytes.length);
      }
      return loaded;
    }
  }

  private byte[] bytes(String name) throws ClassNotFoundException {
    byte[] changed = others.get(name);
    if (changed != null) {
      return changed;
    }
    try (InputStream original =
        getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (original == null) {
        throw new ClassNotFoundException(name);
      }
      return original.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

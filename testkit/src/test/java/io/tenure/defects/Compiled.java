package io.tenure.defects;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Classes that were compiled into memory, against the tests' own class path. */
final class Compiled {
  /** Never closed: it keeps the class path's jars open for the next compilation. */
  private static final StandardJavaFileManager FILES =
      compiler().getStandardFileManager(null, null, null);

  private static final List<String> OPTIONS =
      List.of(
          "-classpath",
          System.getProperty("java.class.path"),
          "-proc:none",
          "-nowarn",
          "-Xlint:none");

  private Compiled() {}

  private static JavaCompiler compiler() {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      throw new IllegalStateException("the tests run on a JDK, since they compile");
    }
    return compiler;
  }

  /** Compiles changed files: the bytes of every class in them by its name. */
  static Map<String, byte[]> changed(List<Change> changes) {
    return compile(
        changes.stream().map(change -> new Source(change.className(), change.source())).toList());
  }

  /** Compiles files as they are. */
  static Map<String, byte[]> files(List<Path> roots) {
    return compile(roots.stream().flatMap(Compiled::javaFiles).map(path -> source(path)).toList());
  }

  private static Stream<Path> javaFiles(Path root) {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Source source(Path file) {
    try {
      return new Source(file.getFileName().toString().replace(".java", ""), Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /* The files are shared, and no file manager is made for that. */
  private static synchronized Map<String, byte[]> compile(List<Source> sources) {
    StringWriter messages = new StringWriter();
    try (Memory memory = new Memory()) {
      if (!compiler().getTask(messages, memory, null, OPTIONS, null, sources).call()) {
        throw new IllegalStateException("it does not compile:\n" + messages);
      }
      return memory.classes();
    }
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String className, String text) {
      super(
          URI.create("memory:///" + className.replace('.', '/') + Kind.SOURCE.extension),
          Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  /** Keeps what the compiler writes. */
  private static final class Memory extends ForwardingJavaFileManager<JavaFileManager> {
    private final Map<String, ByteArrayOutputStream> written = new HashMap<>();

    Memory() {
      super(FILES);
    }

    Map<String, byte[]> classes() {
      return written.entrySet().stream()
          .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().toByteArray()));
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
      return new SimpleJavaFileObject(
          URI.create("memory:///" + className.replace('.', '/')), kind) {
        @Override
        public OutputStream openOutputStream() {
          ByteArrayOutputStream bytes = new ByteArrayOutputStream();
          written.put(className, bytes);
          return bytes;
        }
      };
    }

    @Override
    public void close() {
      // The files are everybody's.
    }
  }
}

package io.tenure.testkit.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Where servers keep what they write. */
final class Directories {
  private static final AtomicInteger made = new AtomicInteger();

  private Directories() {}

  /** The directory for everything, {@code target/servers} unless a property says otherwise. */
  static Path servers() {
    return Path.of(System.getProperty("tenure.servers.dir", "target/servers")).toAbsolutePath();
  }

  /** A new directory; the process id keeps JVMs that run at the same time apart. */
  static Path next(Store store) {
    long pid = ProcessHandle.current().pid();
    Path directory = servers().resolve(store.id() + "-" + pid + "-" + made.incrementAndGet());
    delete(directory);
    try {
      return Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + directory, e);
    }
  }

  static void delete(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> found = Files.walk(directory)) {
      List<Path> deepestFirst = found.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + directory, e);
    }
  }
}

package io.tenure.fencing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Directories for servers, below the build's own, where {@code clean} finds them. */
final class TestDirectories {
  private TestDirectories() {}

  static Path create(String prefix) throws IOException {
    Path parent = Path.of(System.getProperty("tenure.logs.dir", "target/logs")).toAbsolutePath();
    return Files.createTempDirectory(Files.createDirectories(parent), prefix + "-");
  }

  static void delete(Path directory) throws IOException {
    try (Stream<Path> tree = Files.walk(directory)) {
      for (Path file : (Iterable<Path>) tree.sorted(Comparator.reverseOrder())::iterator) {
        Files.delete(file);
      }
    }
  }
}

package io.tenure.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Secrets, which come from a file or the environment and never from the command line. */
final class Secrets {
  private Secrets() {}

  /**
   * Finds a secret: in the file if one is named, else in the environment.
   *
   * @throws IllegalArgumentException if the file cannot be read, or there is nothing in it
   */
  static Optional<String> find(Optional<Path> file, Map<String, String> environment, String name) {
    return file.isPresent()
        ? Optional.of(read(file.get()))
        : Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
  }

  /** The line end that editors leave is no part of a secret. */
  private static String read(Path file) {
    try {
      String secret = Files.readString(file, StandardCharsets.UTF_8).stripTrailing();
      if (secret.isEmpty()) {
        throw new IllegalArgumentException("there is no secret in " + file);
      }
      return secret;
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot read the secret in " + file + ": " + e, e);
    }
  }
}

package io.tenure.testkit.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that is run to its end for what it prints. */
final class Command {
  private static final long BOUND_SECONDS = 300;

  private Command() {}

  static String run(String... command) throws IOException {
    return run(Path.of("").toAbsolutePath(), command);
  }

  /**
   * Runs a program.
   *
   * @return what it printed, errors included
   * @throws IOException if it does not run, fails, takes five minutes, or the thread is interrupted
   */
  static String run(Path directory, String... command) throws IOException {
    Process process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    try {
      if (!process.waitFor(BOUND_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException(describe(command) + " has taken " + BOUND_SECONDS + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while running " + describe(command), e);
    } finally {
      process.destroyForcibly();
    }
    if (process.exitValue() != 0) {
      throw new IOException(
          describe(command) + " ended with " + process.exitValue() + ": " + output.strip());
    }
    return output;
  }

  private static String describe(String... command) {
    return String.join(" ", List.of(command));
  }
}

package io.tenure.testkit.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A program of this JVM's class path in a process of its own, which a test can freeze in its
 * tracks. It ends with {@link #close()}, at the latest with this JVM.
 */
public final class ChildProgram implements AutoCloseable {
  private final Process process;
  private final Path errors;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private boolean paused;

  private ChildProgram(Process process, Path errors) {
    this.process = process;
    this.errors = errors;
  }

  /**
   * Starts a program. What it writes to its error stream goes to a file beside the servers' logs.
   *
   * @param main has the main method
   * @param arguments what the program is given
   * @return the process
   */
  public static ChildProgram start(Class<?> main, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    Path errors = Directories.servers().resolve("child-programs.log");
    try {
      Files.createDirectories(errors.getParent());
      ChildProgram program =
          new ChildProgram(
              Children.start(
                  new ProcessBuilder(command)
                      .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))),
              errors);
      Thread reader = new Thread(program::read, "testkit-child-program");
      reader.setDaemon(true);
      reader.start();
      return program;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + main, e);
    }
  }

  private void read() {
    try (BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      output.lines().forEach(lines::add);
    } catch (IOException | UncheckedIOException e) {
      lines.add("its output cannot be read: " + e);
    }
  }

  /**
   * Waits for the next line that the program prints.
   *
   * @return the line
   * @throws IllegalStateException if none came within a minute
   */
  public String line() {
    try {
      String line = lines.poll(Until.BOUND.toSeconds(), TimeUnit.SECONDS);
      if (line == null) {
        throw new IllegalStateException(
            "process " + process.pid() + " does not say a word; see " + errors);
      }
      return line;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for a line", e);
    }
  }

  /**
   * Writes a line to the program's standard input, where it stays while the program is frozen.
   *
   * @param word the line
   */
  public void tell(String word) {
    try {
      OutputStream input = process.getOutputStream();
      input.write((word + "\n").getBytes(UTF_8));
      input.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("process " + process.pid() + " does not listen", e);
    }
  }

  /** Freezes the program (SIGSTOP), and returns when none of its threads runs any more. */
  public void pause() {
    paused = true;
    Signals.pause(process.pid());
  }

  /** Lets the frozen program go on where it was (SIGCONT). */
  public void resume() {
    if (paused && process.isAlive()) {
      Signals.resume(process.pid());
    }
    paused = false;
  }

  /** Kills the program, frozen or not. Idempotent. */
  @Override
  public void close() {
    process.destroyForcibly();
    Signals.hasEnded(process);
  }
}

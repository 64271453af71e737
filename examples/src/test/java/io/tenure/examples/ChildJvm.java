package io.tenure.examples;

import static io.tenure.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** A program of this class path in a JVM of its own, with what it prints. */
final class ChildJvm implements AutoCloseable {
  /** Generous: the longest drill, that on Consul, takes a quarter of it on a quiet machine. */
  static final Duration BOUND = Duration.ofSeconds(200);

  private final Process process;
  private final Queue<String> lines = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<Void> allRead;

  private ChildJvm(Process process) {
    this.process = process;
    this.allRead = CompletableFuture.runAsync(this::read);
  }

  /** Starts a program that keeps its temporary files in a directory. */
  static ChildJvm start(Path temporary, Class<?> program, String... args) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
    command.addAll(List.of(args));
    return new ChildJvm(new ProcessBuilder(command).redirectErrorStream(true).start());
  }

  private void read() {
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      output.lines().forEach(lines::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for the end, and for everything that was printed before it. */
  int exitCode() throws InterruptedException {
    assertThat(process.waitFor(BOUND.toSeconds(), TimeUnit.SECONDS))
        .as("ended within %s; it printed %s", BOUND, output())
        .isTrue();
    allRead.join();
    return process.exitValue();
  }

  String output() {
    return String.join("\n", lines);
  }

  void awaitOutput(String text) {
    eventually(BOUND, () -> assertThat(output()).contains(text));
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  @Override
  public void close() {
    process.toHandle().destroyForcibly();
  }
}

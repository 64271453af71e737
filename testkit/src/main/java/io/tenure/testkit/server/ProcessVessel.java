package io.tenure.testkit.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A node that is a process of this machine. */
final class ProcessVessel implements Vessel {
  private static final long END_SECONDS = 30;

  private final Path program;
  private final Launch launch;
  private final Path root;
  private final Path log;
  private volatile @Nullable Process process;
  private boolean paused;

  ProcessVessel(Path program, Launch launch, Path root) {
    this.program = program;
    this.launch = launch;
    this.root = root;
    this.log = root.resolveSibling(root.getFileName() + ".log");
  }

  @Override
  public void start() {
    if (isRunning()) {
      throw new IllegalStateException(root.getFileName() + " runs already");
    }
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(launch.arguments());
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(root.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    // Both stores take settings from the environment too, and refuse to hear one thing twice.
    builder.environment().keySet().removeIf(ProcessVessel::isSetting);
    try {
      Files.createDirectories(root);
      for (Map.Entry<String, String> file : launch.files().entrySet()) {
        Path path = root.resolve(file.getKey());
        Files.createDirectories(path.getParent());
        Files.writeString(path, file.getValue());
      }
      process = Children.start(builder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + program, e);
    }
  }

  private static boolean isSetting(String variable) {
    return variable.startsWith("ETCD_") || variable.startsWith("CONSUL_");
  }

  @Override
  public void stop() {
    resume();
    Process current = process;
    if (current != null) {
      current.destroy();
      if (!hasEnded(current)) {
        current.destroyForcibly();
        throw new IllegalStateException(
            root.getFileName() + " did not stop within " + END_SECONDS + " s and was killed");
      }
    }
  }

  @Override
  public void kill() {
    Process current = process;
    paused = false;
    if (current != null) {
      current.destroyForcibly();
      if (!hasEnded(current)) {
        throw new IllegalStateException(root.getFileName() + " outlived its killing");
      }
    }
  }

  /** Not interruptible: an interrupted test still has to put its servers away. */
  private static boolean hasEnded(Process process) {
    return process
        .onExit()
        .thenApply(ended -> true)
        .completeOnTimeout(false, END_SECONDS, TimeUnit.SECONDS)
        .join();
  }

  @Override
  public void pause() {
    if (!isRunning()) {
      throw new IllegalStateException(root.getFileName() + " does not run: nothing to pause");
    }
    signal("STOP");
    paused = true;
    Until.holds(
        Until.BOUND,
        () -> root.getFileName() + " did not stand still",
        () -> states().noneMatch(state -> state != 'T'));
  }

  @Override
  public void resume() {
    if (paused && isRunning()) {
      signal("CONT");
    }
    paused = false;
  }

  private void signal(String name) {
    // The shell has kill built in, where an image has no program of that name.
    List<String> command = List.of("sh", "-c", "kill -" + name + " " + pid().orElseThrow());
    try {
      Process kill = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(kill.getInputStream().readAllBytes(), UTF_8);
      if (!hasEnded(kill) || kill.exitValue() != 0) {
        throw new IllegalStateException(String.join(" ", command) + ": " + output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(String.join(" ", command), e);
    }
  }

  /**
   * The states of the process's threads, as far as the machine tells: the signal takes a moment.
   */
  private Stream<Character> states() throws IOException {
    Path tasks = Path.of("/proc", Long.toString(pid().orElseThrow()), "task");
    if (!Files.isDirectory(tasks)) {
      return Stream.empty();
    }
    List<Character> states = new ArrayList<>();
    try (Stream<Path> each = Files.list(tasks)) {
      for (Path task : each.toList()) {
        String stat = Files.readString(task.resolve("stat"));
        states.add(stat.charAt(stat.lastIndexOf(')') + 2));
      }
    }
    return states.stream();
  }

  @Override
  public boolean isRunning() {
    Process current = process;
    return current != null && current.isAlive();
  }

  @Override
  public OptionalLong pid() {
    Process current = process;
    return current == null ? OptionalLong.empty() : OptionalLong.of(current.pid());
  }

  @Override
  public Optional<Path> log() {
    return Optional.of(log);
  }

  @Override
  public String words() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return "its log cannot be read: " + e;
    }
  }

  @Override
  public void discard() {
    kill();
    Directories.delete(root);
  }
}

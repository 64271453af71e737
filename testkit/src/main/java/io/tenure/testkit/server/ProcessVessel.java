package io.tenure.testkit.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A node that is a process of this machine. */
final class ProcessVessel implements Vessel {
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
      if (!Signals.hasEnded(current)) {
        current.destroyForcibly();
        throw new IllegalStateException(
            root.getFileName()
                + " did not stop within "
                + Signals.END_SECONDS
                + " s and was killed");
      }
    }
  }

  @Override
  public void kill() {
    Process current = process;
    paused = false;
    if (current != null) {
      current.destroyForcibly();
      if (!Signals.hasEnded(current)) {
        throw new IllegalStateException(root.getFileName() + " outlived its killing");
      }
    }
  }

  @Override
  public void pause() {
    if (!isRunning()) {
      throw new IllegalStateException(root.getFileName() + " does not run: nothing to pause");
    }
    paused = true;
    Signals.pause(pid().orElseThrow());
  }

  @Override
  public void resume() {
    if (paused && isRunning()) {
      Signals.resume(pid().orElseThrow());
    }
    paused = false;
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

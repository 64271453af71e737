package io.tenure.examples;

import io.tenure.examples.Report.What;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The drill's hold on one replica: its process, the words it is told, and the lines it says. */
final class ReplicaProcess implements AutoCloseable {
  private static final long END_SECONDS = 10;

  private final String name;
  private final Process process;
  private final History history;
  private volatile Optional<Freeze> freeze = Optional.empty();
  private volatile boolean mayEnd;
  private volatile boolean closing;

  private ReplicaProcess(String name, Process process, History history) {
    this.name = name;
    this.process = process;
    this.history = history;
  }

  /** Starts the process; nobody listens to it yet. */
  static ReplicaProcess create(ReplicaSettings settings, String password, History history)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // Three more JVMs on one machine: they start sooner and stay smaller like this.
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Replica.class.getName()));
    command.addAll(settings.arguments());
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put(ReplicaSettings.PASSWORD_VARIABLE, password);
    return new ReplicaProcess(settings.name(), builder.start(), history);
  }

  /** Begins to listen to what the replica says. */
  Moment listen() {
    Moment started = history.add(name, Report.of(What.STARTED, process.pid()));
    inBackground("log", () -> eachLine(process.getErrorStream(), this::logged));
    inBackground(
        "reports",
        () -> {
          eachLine(process.getInputStream(), this::reported);
          ended();
        });
    return started;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Tells the replica a word. */
  void tell(String word) throws IOException {
    OutputStream words = process.getOutputStream();
    words.write((word + "\n").getBytes(StandardCharsets.UTF_8));
    words.flush();
  }

  /** Tells it to stop in an orderly way. */
  Moment stop() throws IOException {
    mayEnd = true;
    Moment told = history.add(name, Report.of(What.TOLD_TO_STOP));
    tell("stop");
    return told;
  }

  /** Kills it, so that it can do nothing any more. */
  Moment kill() {
    mayEnd = true;
    Moment killed = history.add(name, Report.of(What.KILLED));
    // Not through the process itself, which would throw away what it said last.
    process.toHandle().destroyForcibly();
    return killed;
  }

  /** Freezes it. */
  Moment freeze() throws IOException {
    Moment frozen = history.add(name, Report.of(What.FROZEN));
    freeze = Optional.of(Freeze.of(process.pid()));
    return frozen;
  }

  /** Lets it go on. */
  Moment thaw() throws IOException {
    Moment thawed = history.add(name, Report.of(What.THAWED));
    freeze.orElseThrow().close();
    freeze = Optional.empty();
    return thawed;
  }

  private void reported(String line) {
    history.add(name, Report.parse(line).orElseGet(() -> Report.of(What.FAILED, line)));
  }

  private void logged(String line) {
    history.add(name, Report.of(What.LOGGED, line));
  }

  private void ended() {
    int code = process.onExit().join().exitValue();
    if (!closing) {
      history.add(name, Report.of(mayEnd ? What.EXITED : What.DIED, code));
    }
  }

  private void eachLine(InputStream stream, Consumer<String> reader) {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        reader.accept(line);
      }
    } catch (IOException e) {
      if (!closing) {
        history.add(name, Report.of(What.FAILED, "its output cannot be read: " + e.getMessage()));
      }
    }
  }

  private void inBackground(String what, Runnable task) {
    Thread thread = new Thread(task, name + "-" + what);
    thread.setDaemon(true);
    thread.start();
  }

  /** Sees to it that the process is gone. */
  @Override
  public void close() throws IOException, InterruptedException {
    closing = process.isAlive();
    process.destroyForcibly();
    if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
      throw new DrillFailure("process " + process.pid() + " of " + name + " does not end");
    }
    if (freeze.isPresent()) {
      freeze.get().close();
    }
  }

  @Override
  public String toString() {
    return name + ", process " + process.pid();
  }
}

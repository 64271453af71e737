package io.tenure.testkit.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The signals to a process of this machine that the JVM cannot send by itself. */
final class Signals {
  static final long END_SECONDS = 30;

  private Signals() {}

  /** Freezes a process, and returns when none of its threads runs any more. */
  static void pause(long pid) {
    send("STOP", pid);
    Until.holds(
        Until.BOUND,
        () -> "process " + pid + " did not stand still",
        () -> states(pid).noneMatch(state -> state != 'T'));
  }

  /** Lets a frozen process go on where it was. */
  static void resume(long pid) {
    send("CONT", pid);
  }

  private static void send(String name, long pid) {
    // The shell has kill built in, where an image has no program of that name.
    List<String> command = List.of("sh", "-c", "kill -" + name + " " + pid);
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

  /** Waits for the end, uninterruptibly: an interrupted test still has to put its servers away. */
  static boolean hasEnded(Process process) {
    return process
        .onExit()
        .thenApply(ended -> true)
        .completeOnTimeout(false, END_SECONDS, TimeUnit.SECONDS)
        .join();
  }

  /**
   * The states of the process's threads, as far as the machine tells: the signal takes a moment.
   */
  private static Stream<Character> states(long pid) throws IOException {
    Path tasks = Path.of("/proc", Long.toString(pid), "task");
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
}

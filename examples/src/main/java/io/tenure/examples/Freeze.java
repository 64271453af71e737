package io.tenure.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * A process held in its tracks: no thread of it runs, its memory and connections stay as they are.
 *
 * <p>A shell sends the signals, since the JVM cannot. It waits between the two until its input
 * ends, so the process goes on even if this JVM is killed meanwhile, and can end by itself.
 */
final class Freeze implements AutoCloseable {
  private static final String SCRIPT =
      "kill -STOP \"$0\" && echo frozen && read -r word; kill -CONT \"$0\" 2> /dev/null";

  private final Process shell;

  private Freeze(Process shell) {
    this.shell = shell;
  }

  /**
   * Freezes a process.
   *
   * @throws DrillFailure if the signal could not be sent
   */
  static Freeze of(long pid) throws IOException {
    Process shell =
        new ProcessBuilder("sh", "-c", SCRIPT, Long.toString(pid))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader answer =
        new BufferedReader(new InputStreamReader(shell.getInputStream(), StandardCharsets.UTF_8));
    if (answer.readLine() == null) {
      throw new DrillFailure("process " + pid + " could not be frozen");
    }
    return new Freeze(shell);
  }

  /** Lets the process go on as if nothing had happened, if it still exists. */
  @Override
  public void close() throws IOException {
    shell.getOutputStream().close();
    shell.onExit().join();
  }
}

package io.tenure.testkit.sim;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** What the core's lane and dispatcher log to the standard error: tasks of theirs never fail. */
final class CoreLog {
  /** What they say of such a task. */
  static final String DEFECT = "defect of the library";

  private final PrintStream err = System.err;
  private final ByteArrayOutputStream logged = new ByteArrayOutputStream();

  private CoreLog() {
    System.setErr(new PrintStream(logged, true, StandardCharsets.UTF_8));
  }

  static CoreLog begin() {
    return new CoreLog();
  }

  /** Ends it; leaves out the tasks in whose middle a process crashed: their thread ended there. */
  String end() {
    System.setErr(err);
    return logged
        .toString(StandardCharsets.UTF_8)
        .replaceAll(DEFECT + "\\R\\S+SimulatedThread\\$Ended", "");
  }
}

package io.tenure.examples;

import io.tenure.examples.Report.What;
import java.io.PrintStream;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Tells a drill's history to a reader while it happens, a line for each moment that matters. */
final class Timeline {
  private static final double NANOS_PER_SECOND = 1e9;

  private final PrintStream out;
  private final long startNanos = System.nanoTime();
  private final Set<Long> tokensThatWrote = new HashSet<>();
  private String leader = "";
  private Optional<Moment> endOfTurn = Optional.empty();

  Timeline(PrintStream out) {
    this.out = out;
  }

  /** Begins a part of the drill. */
  void act(String title) {
    out.println();
    out.println(title);
  }

  void tell(Moment moment) {
    follow(moment);
    String sentence = sentence(moment);
    if (!sentence.isEmpty()) {
      double seconds = (moment.atNanos() - startNanos) / NANOS_PER_SECOND;
      out.printf(Locale.ROOT, "%8.3f s  %s %s%n", seconds, moment.replica(), sentence);
    }
    if (moment.is(What.ELECTED)) {
      leader = moment.replica();
      endOfTurn = Optional.empty();
    }
  }

  /** Notes what ends the leader's turn, from where the time until the next leader counts. */
  private void follow(Moment moment) {
    boolean ends =
        switch (moment.report().what()) {
          case KILLED, FROZEN, TOLD_TO_STOP, LOST, RELEASED -> true;
          default -> false;
        };
    if (ends && endOfTurn.isEmpty() && moment.replica().equals(leader)) {
      endOfTurn = Optional.of(moment);
    }
  }

  private String sentence(Moment moment) {
    String detail = moment.report().detail();
    long token = moment.token();
    return switch (moment.report().what()) {
      case STARTED -> "starts, process " + detail;
      case ELECTED -> "LEADS with token " + token + since(moment);
      case APPENDED ->
          tokensThatWrote.add(token) ? "writes row " + detail + ", token " + token : "";
      case STANDBY -> "is a standby, number " + detail + " in the queue";
      case HOLDING -> "looks at its lease and prepares a write with token " + token;
      case NOT_LEADING -> "has nothing to hold back, since it does not lead";
      case LANDED -> "sent token " + token + ", and the LATE WRITE LANDED as row " + detail;
      case REFUSED ->
          "sent token " + token + ", and the guard, which knows " + detail + ", REFUSED it";
      case LOST -> "noticed that its lease with token " + token + " is LOST: " + detail;
      case RELEASED -> "released its lease with token " + token;
      case FAILED -> "reports a failure: " + detail;
      case LOGGED -> "logs: " + detail;
      case KILLED -> "is KILLED (SIGKILL)";
      case FROZEN -> "is FROZEN (SIGSTOP)";
      case THAWED -> "goes on (SIGCONT), and is told to send its write without looking again";
      case TOLD_TO_STOP -> "is told to STOP";
      case EXITED -> "has ended, exit code " + detail;
      case DIED -> "has ended by itself, exit code " + detail;
    };
  }

  private String since(Moment elected) {
    return endOfTurn
        .map(
            end ->
                String.format(
                    Locale.ROOT,
                    ", %.3f s after %s %s",
                    (elected.atNanos() - end.atNanos()) / NANOS_PER_SECOND,
                    end.replica(),
                    switch (end.report().what()) {
                      case KILLED -> "was killed";
                      case FROZEN -> "was frozen";
                      case TOLD_TO_STOP -> "was told to stop";
                      case LOST -> "lost its lease";
                      default -> "released its lease";
                    }))
        .orElse("");
  }
}

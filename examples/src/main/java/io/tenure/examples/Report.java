package io.tenure.examples;

import io.tenure.FencingToken;
import java.util.Locale;
import java.util.Optional;

/**
 * One thing that happened to a replica, as one line of text: what, under which token, and a detail.
 *
 * @param what what happened
 * @param token the token that it concerns, 0 if none
 * @param detail the rest of the line, in the words of {@link What}; may be empty
 */
record Report(What what, long token, String detail) {

  /** What can happen. The replica says the first ones; the drill adds those from LOGGED on. */
  enum What {
    /** It leads. */
    ELECTED,
    /** Its write was applied; the detail is the row's id. */
    APPENDED,
    /** It has prepared a write under a lease that is held, and keeps it back. */
    HOLDING,
    /** It was asked to hold a write back, but does not lead. */
    NOT_LEADING,
    /** Its held write was applied; the detail is the row's id. */
    LANDED,
    /** A write of its own was refused; the detail is the newer token that the guard has seen. */
    REFUSED,
    /** It noticed that its lease is lost; the detail is why. */
    LOST,
    /** It gave its lease up. */
    RELEASED,
    /** Something failed that should not; the detail says what. */
    FAILED,

    /** It wrote a line to its log, which the detail is. */
    LOGGED,
    /** Its process was started; the detail is the process id. */
    STARTED,
    /** It was seen in the queue; the detail is its place, the leader's being 1. */
    STANDBY,
    /** Its process was killed. */
    KILLED,
    /** Its process was stopped in its tracks. */
    FROZEN,
    /** Its process goes on. */
    THAWED,
    /** It was told to stop in an orderly way. */
    TOLD_TO_STOP,
    /** Its process has ended, as it was meant to; the detail is the exit code. */
    EXITED,
    /** Its process has ended, and nobody had asked for it; the detail is the exit code. */
    DIED
  }

  /** Keeps the detail on one line. */
  Report {
    detail = detail.replaceAll("\\s+", " ").strip();
  }

  static Report of(What what) {
    return new Report(what, 0, "");
  }

  static Report of(What what, FencingToken token) {
    return new Report(what, token.value(), "");
  }

  static Report of(What what, FencingToken token, Object detail) {
    return new Report(what, token.value(), String.valueOf(detail));
  }

  static Report of(What what, Object detail) {
    return new Report(what, 0, String.valueOf(detail));
  }

  /** The line: {@code appended 42 17}. */
  String line() {
    return what.name().toLowerCase(Locale.ROOT) + " " + token + " " + detail;
  }

  /** Reads a line; empty if it is not one of ours. */
  static Optional<Report> parse(String line) {
    String[] parts = line.split(" ", 3);
    if (parts.length < 3) {
      return Optional.empty();
    }
    try {
      What what = What.valueOf(parts[0].toUpperCase(Locale.ROOT));
      return Optional.of(new Report(what, Long.parseLong(parts[1]), parts[2]));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}

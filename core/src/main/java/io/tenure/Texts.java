package io.tenure;

import java.time.Duration;

/** Wording that messages share. */
final class Texts {
  private Texts() {}

  /** A duration as people say it: "2500 ms", "15 s". */
  static String duration(long nanos) {
    long millis = nanos / 1_000_000;
    return millis >= 10_000 && millis % 1_000 == 0 ? millis / 1_000 + " s" : millis + " ms";
  }

  static String duration(Duration duration) {
    return duration(nanos(duration));
  }

  /** A duration's nanoseconds, or the longest that fit. */
  static long nanos(Duration duration) {
    try {
      return duration.toNanos();
    } catch (ArithmeticException e) {
      // 292 years: no wait is told apart from a longer one, and half of it keeps sums in range.
      return Long.MAX_VALUE / 2;
    }
  }
}

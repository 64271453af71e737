package io.tenure;

import io.tenure.spi.Scheduler;
import java.util.concurrent.TimeUnit;

/**
 * Growing, jittered pauses between attempts: 20 ms doubling up to 5 s, each cut by up to a half.
 */
final class Backoff {
  private static final long FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final int MAX_DOUBLINGS = 8;

  private final Scheduler scheduler;
  private int failures;

  Backoff(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  long nextNanos() {
    long full = Math.min(FIRST_NANOS << Math.min(failures, MAX_DOUBLINGS), LONGEST_NANOS);
    failures++;
    return (long) (full * (1 - scheduler.random() / 2));
  }

  void reset() {
    failures = 0;
  }

  /** Begins anew if what has failed now had worked for longer than the longest pause. */
  void worked(long nanos) {
    if (nanos > LONGEST_NANOS) {
      reset();
    }
  }
}

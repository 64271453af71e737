package io.tenure.testkit.sim;

import io.tenure.spi.Ticker;

/** The clock that one process reads: off by a rate, and it can stand still. */
final class ProcessClock implements Ticker {
  private static final long MILLION = 1_000_000;

  private final Agenda agenda;
  private long sinceNanos;
  private long readingNanos;
  private long ppm;
  private boolean stopped;

  ProcessClock(Agenda agenda, long originNanos, long ppm) {
    this.agenda = agenda;
    this.sinceNanos = agenda.nowNanos();
    this.readingNanos = originNanos;
    this.ppm = ppm;
  }

  @Override
  public long read() {
    long elapsed = agenda.nowNanos() - sinceNanos;
    return readingNanos + (stopped ? 0 : elapsed + elapsed / 1000 * ppm / 1000);
  }

  /** From now on it runs this many parts in a million faster than time does. */
  void rate(long newPpm) {
    settle();
    ppm = newPpm;
  }

  /** Stands still until {@link #go}. */
  void stop() {
    settle();
    stopped = true;
  }

  void go() {
    settle();
    stopped = false;
  }

  private void settle() {
    readingNanos = read();
    sinceNanos = agenda.nowNanos();
  }

  /** How long it takes at least until the clock has gone on by this much. */
  long untilElapsed(long clockNanos) {
    return Math.max(1, (long) ((double) clockNanos * MILLION / (double) (MILLION + ppm)));
  }
}

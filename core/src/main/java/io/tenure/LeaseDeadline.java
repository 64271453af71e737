package io.tenure;

/**
 * The moment until which a session is proved to live, less what the clocks may be wrong by.
 *
 * <p>Every proof counts from the ticker's reading <em>before</em> its request was sent (Gray and
 * Cheriton, Leases, 1989): the store cannot have begun to count earlier. Proofs may arrive late and
 * out of order; the deadline only ever moves forward, and once it has passed or been ended it moves
 * no more, so that nobody who saw a lease end can see it held again.
 *
 * <p>Moved in the client's lane only, read from any thread. Whoever sees that it has passed ends
 * it: the lane may have read the clock before a pause and be about to move it.
 */
final class LeaseDeadline {
  /** How much faster the store's clock may run than ours: 0.5 %. */
  private static final long DRIFT_DIVISOR = 200;

  private final long marginNanos;
  private volatile long deadlineNanos;
  private volatile boolean ended;

  LeaseDeadline(long sentAtNanos, long validityNanos, long marginNanos) {
    this.marginNanos = marginNanos;
    this.deadlineNanos = sentAtNanos + usableNanos(validityNanos, marginNanos);
  }

  /** What is left of a validity when drift and margin are taken off; negative if nothing is. */
  static long usableNanos(long validityNanos, long marginNanos) {
    return validityNanos - validityNanos / DRIFT_DIVISOR - marginNanos;
  }

  /** What is taken off: the time between this deadline and the earliest moment of the store's. */
  static long reserveNanos(long validityNanos, long marginNanos) {
    return validityNanos - usableNanos(validityNanos, marginNanos);
  }

  /**
   * Takes in a proof.
   *
   * @return false if it came too late: the deadline has passed or was ended
   */
  boolean prove(long sentAtNanos, long validityNanos, long nowNanos) {
    if (isOver(nowNanos)) {
      return false;
    }
    long proved = sentAtNanos + usableNanos(validityNanos, marginNanos);
    if (proved - deadlineNanos > 0) {
      deadlineNanos = proved;
    }
    return true;
  }

  void end() {
    ended = true;
  }

  boolean isOver(long nowNanos) {
    return remainingNanos(nowNanos) == 0;
  }

  /** Returns zero if it is over. */
  long remainingNanos(long nowNanos) {
    long leftNanos = deadlineNanos - nowNanos;
    if (leftNanos <= 0) {
      ended = true;
    }
    return ended ? 0 : leftNanos;
  }
}

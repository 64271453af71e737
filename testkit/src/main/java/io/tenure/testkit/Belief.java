package io.tenure.testkit;

import static io.tenure.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.Lease;
import io.tenure.LossReason;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * What the holder of a lease believes: a thread of its own asks as often as it is let, and notes
 * the moments, all by {@link System#nanoTime()}.
 */
final class Belief implements AutoCloseable {
  private static final long STEP_NANOS = 100_000;

  private final Lease lease;
  private final Recorder<LossReason> told = new Recorder<>();
  private final Thread thread;
  private volatile long heldAtNanos = System.nanoTime();

  /** The latest that was seen, too early by no more than a look takes. */
  private volatile long deadlineNanos = heldAtNanos;

  private volatile boolean ended;
  private volatile boolean revived;
  private volatile boolean closed;

  private Belief(Lease lease) {
    this.lease = lease;
    thread = new Thread(this::watch, "testkit-belief");
    thread.setDaemon(true);
  }

  static Belief in(Lease lease) {
    Belief belief = new Belief(lease);
    lease.lost().thenAccept(belief.told);
    belief.thread.start();
    return belief;
  }

  private void watch() {
    while (!closed) {
      // Read first: it was held at some moment after this one.
      long now = System.nanoTime();
      long deadline = now + lease.remaining().toNanos();
      if (lease.isHeld()) {
        heldAtNanos = now;
        revived |= ended;
        if (deadline - deadlineNanos > 0) {
          deadlineNanos = deadline;
        }
      } else {
        ended = true;
      }
      LockSupport.parkNanos(STEP_NANOS);
    }
  }

  /** The last moment after which the lease was still held. */
  long heldAtNanos() {
    return heldAtNanos;
  }

  /** Waits until a renewal has moved the deadline. */
  void awaitRenewal(Duration bound) {
    Duration remaining = lease.remaining();
    // No earlier than the present deadline, so that only a later one can exceed it.
    long latestNanos = System.nanoTime() + remaining.toNanos();
    eventually(bound, () -> assertThat(deadlineNanos - latestNanos).isPositive());
  }

  /** Whether it was ever not held. */
  boolean hasEnded() {
    return ended;
  }

  /** Whether it was held again after it had not been. */
  boolean wasRevived() {
    return revived;
  }

  /** What the holder was told, and when. */
  Recorder<LossReason> told() {
    return told;
  }

  @Override
  public void close() {
    closed = true;
  }
}

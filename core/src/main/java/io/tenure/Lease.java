package io.tenure;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * A hold on a lock or a leadership, from its acquisition to its one final end: released, or lost.
 *
 * <p><b>What it does not promise.</b> {@link #isHeld()} may answer true and the process may be
 * paused before its next statement runs. While clocks keep their rate, no two leases of one name
 * are held at the same instant; after a pause, only the {@link #token()} protects a resource, and
 * only if the resource checks it.
 *
 * <p><b>While it is held</b>, the client's session is renewed in the background, and the store
 * gives the name to nobody else. <b>It ends</b> by {@link #close()} or {@link #releaseAsync()}, or
 * it is lost for one {@link LossReason}. Loss is noticed before the store can give the name away
 * (except when a stranger removes the entry or an operator kills the session), is reported once
 * through {@link #lost()}, and is final: the next acquisition is another lease with a greater
 * token.
 *
 * <p>Thread-safe. The lease belongs to whoever holds this handle, not to a thread.
 */
public interface Lease extends AutoCloseable {
  /**
   * Returns the name that was locked or is being led.
   *
   * @return as the user gave it
   */
  String name();

  /**
   * Returns the fencing token of this acquisition, which never changes.
   *
   * @return greater than the token of every earlier acquisition of this name
   */
  FencingToken token();

  /**
   * Tells whether the lease is held now. Asks the clock at every call; does no I/O and never
   * blocks.
   *
   * @return true if the lease has not ended and its proved deadline is still ahead
   */
  boolean isHeld();

  /**
   * Returns how long the lease is proved to last if no further renewal succeeds. Does no I/O.
   *
   * @return zero if the lease is not held
   */
  Duration remaining();

  /**
   * Returns this lease if it is proved to last for a while, for use right before a step that must
   * not begin late. Does no I/O.
   *
   * @param atLeast how much of the proved time must be left
   * @return this lease
   * @throws LeaseLostException if the lease has ended, or less than {@code atLeast} is left; the
   *     message says which
   * @throws IllegalArgumentException if {@code atLeast} is negative
   */
  Lease ensureHeld(Duration atLeast);

  /**
   * Completes when the lease is lost, once, on the client's executor. After a release it never
   * completes.
   *
   * @return the loss
   */
  CompletionStage<LossReason> lost();

  /**
   * Gives the lease up without blocking: {@link #isHeld()} is false at once, then the entry is
   * removed from the store. If the removal fails it is retried in the background until it is
   * definite or the session is over, so a successor waits for one TTL at worst.
   *
   * @return completes on the client's executor when the entry is known to be gone or its session is
   *     over, or when the lease had been lost before; never fails
   */
  CompletionStage<Void> releaseAsync();

  /**
   * Gives the lease up and waits for the store to confirm it, for at most the client's request
   * time-out. Idempotent, never throws; after a loss it does nothing. A late call harms nobody,
   * since only this lease's own entry is removed. An interrupt ends the waiting, not the release,
   * and the thread's interrupt flag stays set.
   */
  @Override
  void close();
}

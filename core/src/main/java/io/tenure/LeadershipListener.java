package io.tenure;

/**
 * Told of each turn of leadership of a {@link LeaderLatch}.
 *
 * <p>For each lease the order is {@code elected}, then {@code resigning} if the end is orderly,
 * then exactly one of {@code released} and {@code lost}; the next lease's {@code elected} comes
 * after that. Calls come one at a time on the client's executor, never on a store's thread and
 * never under a lock of the library; they may block, which delays no renewal and no other listener.
 * An exception is logged and reported as an event, and ends nothing. {@link Lease#isHeld()} of the
 * given lease is always the truth, also when a call arrives late.
 */
public interface LeadershipListener {
  /**
   * This candidate leads.
   *
   * @param lease the turn's lease
   */
  default void elected(Lease lease) {}

  /**
   * The turn is about to end in an orderly way; the lease is still held. The entry is removed when
   * every listener has returned from this call, or the drain time is over: stop the work here.
   *
   * @param lease the turn's lease
   */
  default void resigning(Lease lease) {}

  /**
   * The turn has ended in an orderly way; the entry is being removed.
   *
   * @param lease the turn's lease, no longer held
   */
  default void released(Lease lease) {}

  /**
   * The turn was lost: stop the work at once. The latch goes on as a standby.
   *
   * @param lease the turn's lease, no longer held
   * @param reason why
   */
  default void lost(Lease lease, LossReason reason) {}
}

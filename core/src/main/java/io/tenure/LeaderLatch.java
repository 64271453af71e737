package io.tenure;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A standing candidacy in an election: it leads, waits as a standby, and after every loss enters
 * again at the end of the queue, until it is closed.
 *
 * <p>Nobody fails back: an old leader that recovers is a standby. No error ends the candidacy in
 * silence; each is retried with a growing, jittered pause and reported as {@link
 * CoordinationEvent.Retrying}.
 *
 * <p>To run a task while leading, give the latch to a {@link SingletonTask}. Thread-safe. Obtained
 * from {@link CoordinationClient#leaderLatch}; close it when the candidacy ends.
 */
public interface LeaderLatch extends AutoCloseable {
  /**
   * Returns the election's name.
   *
   * @return as the user gave it
   */
  String name();

  /**
   * Enters the election. Does no blocking I/O. Idempotent.
   *
   * @return this latch
   * @throws ClientClosedException if the latch or its client is closed
   */
  LeaderLatch start();

  /**
   * Waits until this candidate leads. Does I/O in the background only.
   *
   * @return the turn's lease, held at the moment of return
   * @throws InterruptedException if the thread is interrupted; the candidacy goes on
   * @throws IllegalStateException if the latch was not started
   * @throws ClientClosedException if the latch is or becomes closed
   */
  Lease await() throws InterruptedException;

  /**
   * Waits for a limited time until this candidate leads.
   *
   * @param timeout how long to wait
   * @return the turn's lease, or empty if the time ran out; the candidacy goes on
   * @throws InterruptedException if the thread is interrupted; the candidacy goes on
   * @throws IllegalStateException if the latch was not started
   * @throws IllegalArgumentException if {@code timeout} is negative
   * @throws ClientClosedException if the latch is or becomes closed
   */
  Optional<Lease> await(Duration timeout) throws InterruptedException;

  /**
   * Waits without blocking until this candidate leads. Cancelling the future ends the waiting, not
   * the candidacy.
   *
   * @return the turn's lease, completed on the client's executor; fails like {@link #await()}
   */
  CompletableFuture<Lease> awaitAsync();

  /**
   * Returns the present turn's lease. Asks the clock; does no I/O.
   *
   * @return the lease if this candidate leads now
   */
  Optional<Lease> lease();

  /**
   * Tells whether this candidate leads now, computed from the clock. To act on it, prefer {@link
   * #lease()}: its token goes with every guarded write.
   *
   * @return true if {@link #lease()} is present
   */
  default boolean isLeader() {
    return lease().isPresent();
  }

  /**
   * Adds a listener. If this candidate leads now, it is told so first.
   *
   * @param listener told of every turn
   * @return removes the listener
   */
  Subscription addListener(LeadershipListener listener);

  /**
   * Gives the present turn up in an orderly way and enters again at the end of the queue: listeners
   * and tasks drain, the lease is released, the successor is told. While this candidate is not
   * leading it does nothing.
   *
   * @return completes on the client's executor when the entry is known to be gone
   */
  CompletableFuture<Void> resignAsync();

  /**
   * Like {@link #resignAsync()}, and waits for it, for the drain time and the request time-out at
   * most. In a listener of this latch it does not wait: the drain waits for that listener.
   *
   * @throws InterruptedException if the thread is interrupted; the resignation goes on
   */
  void resign() throws InterruptedException;

  /**
   * Returns an unstarted latch for the same election with another loss policy than the client's.
   *
   * @param policy what happens when a turn is lost; {@link LossPolicy#interruptScope()} concerns
   *     {@link SingletonTask}s, which are always interrupted
   * @return the latch
   */
  LeaderLatch onLoss(LossPolicy policy);

  /**
   * Returns an unstarted latch for the same election with another drain time than the default of 10
   * seconds.
   *
   * @param bound how long an orderly end waits for listeners and tasks to return
   * @return the latch
   * @throws IllegalArgumentException if {@code bound} is negative
   */
  LeaderLatch drainWithin(Duration bound);

  /**
   * Ends the candidacy in an orderly way: drains as {@link #resignAsync()} does, releases and
   * leaves the queue. No listener is called after it has returned. Idempotent, never throws, blocks
   * for the drain time and the request time-out at most; an interrupt ends the waiting, not the
   * closing, and stays in the thread's flag.
   *
   * <p>In a listener of this latch it does not wait, because the drain waits for that listener: the
   * closing goes on after the listener has returned, and calls it until the turn has ended.
   */
  @Override
  void close();
}

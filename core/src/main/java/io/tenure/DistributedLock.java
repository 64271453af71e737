package io.tenure;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A lock that at most one client of a namespace holds at a time, served in arrival order.
 *
 * <p>It is not a {@link java.util.concurrent.locks.Lock}: a hold can be lost, has a token, belongs
 * to a {@link Lease} and not to a thread, and is not reentrant (pass the lease on instead). Callers
 * in one client that want the same name queue up in that client first, so that it has one entry in
 * the store; they are served in their order there.
 *
 * <p>An uncontended acquire takes one round trip and one quorum write. Waiting costs the store
 * nothing beyond the waiter's entry: it is a watch, not a poll. A waiter that gives up, for
 * whatever reason, leaves the queue and is never granted the lock later.
 *
 * <p>Thread-safe. Obtained from {@link CoordinationClient#lock}; there is nothing to close.
 */
public interface DistributedLock {
  /**
   * Returns the lock's name.
   *
   * @return as the user gave it
   */
  String name();

  /**
   * Waits for the lock, for as long as it takes: through other holders, store outages and lost
   * sessions, each reported as an event. Does I/O.
   *
   * @return the lease, held at the moment of return
   * @throws InterruptedException if the thread is interrupted; nothing is held and no entry is left
   * @throws BackendRefusedException if the store refuses for good, for example for missing rights
   * @throws ClientClosedException if the client is or becomes closed
   */
  Lease acquire() throws InterruptedException;

  /**
   * Tries once and answers as soon as the store does. Does I/O.
   *
   * @return the lease, or empty if somebody is ahead
   * @throws InterruptedException if the thread is interrupted; nothing is held and no entry is left
   * @throws BackendUnavailableException if the store did not answer within the request time-out
   * @throws BackendRefusedException if the store refuses for good
   * @throws ClientClosedException if the client is or becomes closed
   */
  Optional<Lease> tryAcquire() throws InterruptedException;

  /**
   * Waits for the lock for a limited time. Does I/O.
   *
   * @param timeout how long to wait; zero is {@link #tryAcquire()} that reports an outage as empty
   *     never, only as an exception
   * @return the lease, or empty if it was somebody else's all that time
   * @throws InterruptedException if the thread is interrupted; nothing is held and no entry is left
   * @throws BackendUnavailableException if the time ran out without one answer from the store
   * @throws BackendRefusedException if the store refuses for good
   * @throws ClientClosedException if the client is or becomes closed
   * @throws IllegalArgumentException if {@code timeout} is negative
   */
  Optional<Lease> tryAcquire(Duration timeout) throws InterruptedException;

  /**
   * Waits for the lock without blocking the caller. Cancelling the future leaves the queue; if the
   * lease was granted at that very moment it is released.
   *
   * @return the lease, completed on the client's executor; fails like {@link #acquire()}
   */
  CompletableFuture<Lease> acquireAsync();

  /**
   * Tries once without blocking the caller.
   *
   * @return the lease or empty, completed on the client's executor; fails like {@link
   *     #tryAcquire()}
   */
  CompletableFuture<Optional<Lease>> tryAcquireAsync();

  /**
   * Waits for a limited time without blocking the caller. Cancelling the future leaves the queue.
   *
   * @param timeout how long to wait
   * @return the lease or empty, completed on the client's executor; fails like {@link
   *     #tryAcquire(Duration)}
   * @throws IllegalArgumentException if {@code timeout} is negative
   */
  CompletableFuture<Optional<Lease>> tryAcquireAsync(Duration timeout);

  /**
   * Returns a view of this lock whose leases are not renewed past a limit, for work that must fit
   * into it.
   *
   * <p>The limit counts from the grant. When it passes before the release, a watchdog ends the
   * lease with {@link LossReason#AT_MOST_ELAPSED}: the loss policy acts and the loss is reported
   * first, and only then is the entry removed, so that the next holder comes after the report. If
   * this process dies or is cut off, the session's TTL ends the hold, as for every lease; so the
   * limit may be shorter or longer than the TTL.
   *
   * @param limit how long a lease may last
   * @return the view; other views of the same lock compete with it as usual
   * @throws IllegalArgumentException if {@code limit} is not positive
   */
  DistributedLock atMostFor(Duration limit);

  /**
   * Returns a view of this lock with another loss policy than the client's.
   *
   * @param policy what happens when a lease is lost
   * @return the view
   */
  DistributedLock onLoss(LossPolicy policy);

  /**
   * Reads who holds the lock now, linearizably. It needs no session, and what it shows may be over
   * when it is read: to act as the holder, hold a {@link Lease}. Does I/O and blocks for at most
   * the request time-out.
   *
   * @return the holder with its token, or empty
   * @throws InterruptedException if the thread is interrupted
   * @throws BackendUnavailableException if the store did not answer within the request time-out
   */
  Optional<Candidate> holder() throws InterruptedException;

  /**
   * Reads who holds the lock now, without blocking.
   *
   * @return the holder or empty, completed on the client's executor; fails like {@link #holder()}
   */
  CompletableFuture<Optional<Candidate>> holderAsync();
}

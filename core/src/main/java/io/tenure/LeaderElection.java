package io.tenure;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * An observer's view of an election: who leads, with which token, and who waits behind.
 *
 * <p>Observing needs no candidacy and no session, and writes nothing. What it shows may be over
 * when it is read: to act as the leader, hold the {@link Lease} of a {@link LeaderLatch}.
 *
 * <p>Thread-safe. Obtained from {@link CoordinationClient#election}.
 */
public interface LeaderElection {
  /**
   * Returns the election's name, which is also the name of its {@link LeaderLatch}.
   *
   * @return as the user gave it
   */
  String name();

  /**
   * Reads the present leader. Does I/O and blocks for at most the request time-out.
   *
   * @return the leader, or empty
   * @throws InterruptedException if the thread is interrupted
   * @throws BackendUnavailableException if the store did not answer within the request time-out
   */
  Optional<Candidate> leader() throws InterruptedException;

  /**
   * Reads the present leader without blocking.
   *
   * @return the leader or empty, completed on the client's executor
   */
  CompletableFuture<Optional<Candidate>> leaderAsync();

  /**
   * Reads the queue: the leader first, then the candidates in the order of their turns. Does I/O
   * and blocks for at most the request time-out.
   *
   * @return unmodifiable
   * @throws InterruptedException if the thread is interrupted
   * @throws BackendUnavailableException if the store did not answer within the request time-out
   */
  List<Candidate> queue() throws InterruptedException;

  /**
   * Reads the queue without blocking.
   *
   * @return the queue, completed on the client's executor
   */
  CompletableFuture<List<Candidate>> queueAsync();

  /**
   * Follows the leader: the present one first, then every change. Calls come one at a time, in
   * order, on the client's executor; quick changes in between may be skipped, the last one never
   * is. After a disruption the observation begins anew by itself.
   *
   * @param observer takes the leader, or empty while there is none; an exception it throws is
   *     logged and ends nothing
   * @return ends the observation
   * @throws ClientClosedException if the client is closed
   */
  Subscription observe(Consumer<Optional<Candidate>> observer);

  /**
   * Follows the whole queue in the same way. Each change costs a view of the whole queue.
   *
   * @param observer takes the queue, the leader first
   * @return ends the observation
   * @throws ClientClosedException if the client is closed
   */
  Subscription observeQueue(Consumer<List<Candidate>> observer);
}

package io.tenure;

import io.tenure.spi.Backend;

/**
 * The entry point: one candidate's connection to a store, with one session for all its locks and
 * elections.
 *
 * <p>However many locks it holds, a client has one session, one timer thread and a small, bounded
 * number of callback threads, all of them daemons. It opens the session when something needs it
 * first, keeps it by heartbeats, and opens another one when it was lost; leases of a lost session
 * stay lost.
 *
 * <p>Thread-safe. Make one per process and close it at the end.
 */
public interface CoordinationClient extends AutoCloseable {
  /**
   * Makes a client with default settings. Does no I/O yet: a store that is down makes the first
   * acquire wait, not this.
   *
   * @param backend the store; any number of clients may be made from one backend
   * @return the client
   */
  static CoordinationClient create(Backend backend) {
    return builder(backend).build();
  }

  /**
   * Begins a client with settings of one's own.
   *
   * @param backend the store; any number of clients may be made from one backend
   * @return the builder
   */
  static ClientBuilder builder(Backend backend) {
    return new ClientBuilder(backend);
  }

  /**
   * Returns the lock of a name. Locks and elections have separate names.
   *
   * @param name 1 to 255 bytes of UTF-8; any Unicode but control characters, lone surrogates, and
   *     the names "." and ".."
   * @return the lock
   * @throws IllegalArgumentException if the name is not allowed, saying why
   * @throws ClientClosedException if the client is closed
   */
  DistributedLock lock(String name);

  /**
   * Returns a new, unstarted candidacy in the election of a name.
   *
   * @param name as for {@link #lock}
   * @return the latch
   * @throws IllegalArgumentException if the name is not allowed, saying why
   * @throws ClientClosedException if the client is closed
   */
  LeaderLatch leaderLatch(String name);

  /**
   * Returns an observer's view of the election of a name.
   *
   * @param name as for {@link #lock}
   * @return the election
   * @throws IllegalArgumentException if the name is not allowed, saying why
   * @throws ClientClosedException if the client is closed
   */
  LeaderElection election(String name);

  /**
   * Returns the namespace's versioned cells.
   *
   * @return the cells
   * @throws ClientClosedException if the client is closed
   */
  Cells cells();

  /**
   * Returns this client's id, as others see it.
   *
   * @return the candidate id
   */
  String candidate();

  /**
   * Returns the client's condition, computed from the clock without I/O.
   *
   * @return the health at this moment
   */
  Health health();

  /**
   * Ends everything that runs in this client: latches drain and release, leases still held are lost
   * with {@link LossReason#CLIENT_CLOSED}, waiters fail with {@link ClientClosedException}, the
   * session is closed in the store so that successors need not wait for the TTL, and the connection
   * is closed. A session that has expired here a moment ago is closed there only when the safety
   * margin is over too, and that is waited for. Idempotent, never throws; blocks for the latches'
   * drain time, the margin and a few request time-outs at most. An interrupt ends the waiting and
   * stays in the thread's flag; what the store could not be told then goes with the TTL. Called
   * from one of this client's own callbacks it begins all that and returns, since it would wait for
   * its caller.
   */
  @Override
  void close();
}

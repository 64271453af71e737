package io.tenure.testkit;

import io.tenure.spi.Backend;
import io.tenure.spi.QueueName;
import java.time.Duration;
import java.util.List;

/**
 * One running store under test, with what the contract must do to it and see of it behind the
 * clients' backs.
 *
 * <p>The contract makes one fixture per test class and gives each test a namespace of its own.
 * Everything counted here concerns the fixture's own backends; a store that others use at the same
 * time is not fit for counting.
 */
public interface BackendFixture extends AutoCloseable {
  /**
   * Returns what is tested here, for the line at the end of a run.
   *
   * @return the store with its version and how it was had, for example "ZooKeeper 3.9.5 (in this
   *     JVM)"
   */
  String store();

  /**
   * Makes a backend for one more client of the store.
   *
   * @return the backend
   */
  Backend newBackend();

  /**
   * Makes a backend whose connection to the store can be cut, so that its sessions really run out.
   *
   * @return the link, whole
   */
  Link newLink();

  /**
   * Returns the time to live for tests that wait until one has run out.
   *
   * @return the shortest that a busy machine keeps up with
   */
  Duration ttl();

  /**
   * Returns how often a client with {@link #ttl()} renews.
   *
   * @return at most half of the time to live
   */
  Duration renewEvery();

  /**
   * Returns the safety margin of a client with {@link #ttl()}.
   *
   * @return what a busy machine may take between noticing a loss and telling of it
   */
  Duration safetyMargin();

  /**
   * Counts the writes that the store has agreed on, by the store's own number.
   *
   * @return differences matter, not the value
   */
  long writes();

  /**
   * Ends a session in the store at once, as an operator can; its client is not told.
   *
   * @param sessionId as {@link io.tenure.spi.StoreSession#id()} gave it
   */
  void expireSession(String sessionId);

  /**
   * Lists what stands in the store under a path: entries, cells, and what strangers put there.
   *
   * @param path escaped segments, as in {@link QueueName}
   * @return the keys; directories that the store itself clears away are no keys
   */
  List<String> keys(String path);

  /**
   * Writes something into a queue that is no entry, as a stranger could.
   *
   * @param queue the queue
   * @param name its name there
   * @param bytes its content
   */
  void plantForeign(QueueName queue, String name, byte[] bytes);

  /**
   * Deletes an entry behind its owner's back.
   *
   * @param queue the queue
   * @param entryId the entry's id
   */
  void deleteEntry(QueueName queue, String entryId);

  /**
   * Deletes a queue with everything in it, and whatever the store keeps for it, so that the next
   * use of its name creates it anew.
   *
   * @param queue the queue
   */
  void deleteQueue(QueueName queue);

  /**
   * Counts the sessions of this fixture's backends.
   *
   * @return how many the store has now
   */
  int sessions();

  /**
   * Counts the watches that the store keeps for this fixture's backends.
   *
   * @return how many now
   */
  int watches();

  /**
   * Tells a thread of the store's client from others.
   *
   * @param thread a live thread
   * @return true if it belongs to a backend of this fixture, and so has to end with it
   */
  boolean isClientThread(Thread thread);

  /**
   * Restarts the store on the data that it has, without telling its clients.
   *
   * @return true; or false, with nothing done, as the declaration that the store lives and dies
   *     with this process, so that no client can outlive it
   */
  boolean restart();

  /** Stops the store. */
  @Override
  void close();
}

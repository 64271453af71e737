package io.tenure.spi;

import io.tenure.Subscription;
import io.tenure.Versioned;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * A store, as one client sees it: queues of session-bound entries, and versioned cells.
 *
 * <p>No method but {@link #close()} blocks. Stages and callbacks may come on any thread, the
 * caller's included, and the core never blocks that thread. A stage that fails does so with a
 * {@link StoreException} that tells what is known. A connection sets a time limit on every request
 * of its own; it does not retry a write whose outcome it does not know.
 *
 * <p>It lives as long as its client, through every outage of the store: what is lost on the way is
 * connected again, not the other way round.
 */
public interface StoreConnection extends AutoCloseable {
  /**
   * Opens a session. The core keeps at most one open at a time.
   *
   * @return the session, or a failure after which nothing is left in the store for longer than a
   *     TTL
   */
  CompletionStage<StoreSession> openSession();

  /**
   * Reads a queue. The view is linearizable: it contains every entry whose enqueue had been
   * answered before this call.
   *
   * @param queue the queue; one that does not exist reads as empty
   * @param detail how much of each entry to show
   * @return the view
   */
  CompletionStage<QueueView> read(QueueName queue, Detail detail);

  /**
   * Follows a queue: the present view, then a view after each change. Views may skip states when
   * changes are quick, but the last state is always shown.
   *
   * @param queue the queue
   * @param detail how much of each entry to show
   * @param onView takes each view, one at a time
   * @param onEnd told once if the watch ended without being closed; the core begins a new one then
   * @return closes the watch
   */
  Subscription watch(
      QueueName queue, Detail detail, Consumer<QueueView> onView, Consumer<Throwable> onEnd);

  /**
   * Reads a cell, linearizably.
   *
   * @param key the cell's path
   * @return the value and version, or empty
   */
  CompletionStage<Optional<Versioned>> get(String key);

  /**
   * Writes cells atomically: all or none.
   *
   * @param writes at least one, at most {@link Traits#maxWritesAtOnce()}, none of them ephemeral,
   *     no key twice
   * @return how it ended; never {@link WriteOutcome.HolderGone}
   */
  CompletionStage<WriteOutcome> write(List<Mutation> writes);

  /**
   * Ends the sessions and watches that are left, and closes what the connection itself opened; a
   * store client that the user handed over stays open. Idempotent, blocks for a bounded time, never
   * throws.
   */
  @Override
  void close();
}

package io.tenure.spi;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A session in the store: the life that entries are bound to.
 *
 * <p>The store drops every entry of a session that it has not heard of for its TTL. The backend
 * proves, the core decides: the backend says for how long an answered request guarantees the
 * session, and the core counts that from the moment <em>before</em> it sent the request.
 */
public interface StoreSession {
  /**
   * Returns the store's name for this session.
   *
   * @return never empty
   */
  String id();

  /**
   * Returns the time to live as the store granted it.
   *
   * @return positive
   */
  Duration ttl();

  /**
   * Returns for how long the opening of this session guarantees it: the store gives none of its
   * entries away before the moment at which {@link StoreConnection#openSession()} was called plus
   * this duration.
   *
   * @return positive
   */
  Duration validityFromOpen();

  /**
   * Proves that the session lives, and extends it. May be called again while an earlier one is
   * unanswered; the store need not answer in order.
   *
   * @return for how long this heartbeat guarantees the session: the store gives none of its entries
   *     away before the moment at which {@code heartbeat()} was called plus this duration. It may
   *     differ from call to call, and it may be zero when the call proved nothing new
   */
  CompletionStage<Duration> heartbeat();

  /**
   * Puts an entry at the end of a queue: one round trip and one quorum write. Idempotent on the
   * entry's id within this session, so a request whose answer was lost is sent again.
   *
   * @param queue the queue, created if it does not exist
   * @param spec the entry
   * @return one's own entry, and everyone ahead
   */
  CompletionStage<Enqueued> enqueue(QueueName queue, EntrySpec spec);

  /**
   * Removes an entry of this session: one round trip and one quorum write. No other entry is ever
   * touched.
   *
   * @param own the entry, as {@link #enqueue} answered it
   * @return true if it was there and is gone, false if it was gone already; either is definite
   */
  CompletionStage<Boolean> remove(Entry own);

  /**
   * Finds and removes an entry of this session whose enqueue was never answered.
   *
   * @param queue the queue
   * @param entryId the entry's id
   * @return true if it was there and is gone, false if it was not there; the latter is final only
   *     after {@link Traits#lateApplyWindow()}
   */
  CompletionStage<Boolean> withdraw(QueueName queue, String entryId);

  /**
   * Replaces the payload of an entry of this session; place and revision stay.
   *
   * @param own the entry
   * @param payload the new payload
   * @return completes when it is done; fails with {@link StoreException.Outcome#NOT_DONE} if the
   *     entry is gone
   */
  CompletionStage<@Nullable Void> update(Entry own, byte[] payload);

  /**
   * Watches an entry, one's own or another's, until it departs. Costs the store no write, and wakes
   * for no other entry.
   *
   * @param entry the entry
   * @param fromVersion the version of the view in which the entry was seen; a departure after it is
   *     not missed
   * @return the watch
   */
  Wait awaitDeparture(Entry entry, long fromVersion);

  /**
   * Writes cells atomically, all or none.
   *
   * @param guard an entry of this session that must still exist for the write to be applied; empty
   *     for an unguarded write that only binds ephemeral cells to this session
   * @param writes at least one, at most {@link Traits#maxWritesAtOnce()}, no key twice
   * @return how it ended
   */
  CompletionStage<WriteOutcome> write(Optional<Entry> guard, List<Mutation> writes);

  /**
   * Ends the session and drops every entry and ephemeral cell of it, best effort: what cannot be
   * dropped now goes when the TTL runs out. Idempotent.
   *
   * @return completes when the store has confirmed it, or fails
   */
  CompletionStage<@Nullable Void> close();
}

package io.tenure.etcd;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.LeaseRevokeRequest;
import io.tenure.etcd.Codes.Effect;
import io.tenure.etcd.StoreAge.Mark;
import io.tenure.spi.Enqueued;
import io.tenure.spi.Entry;
import io.tenure.spi.EntrySpec;
import io.tenure.spi.Mutation;
import io.tenure.spi.QueueName;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import io.tenure.spi.StoreSession;
import io.tenure.spi.Wait;
import io.tenure.spi.WriteOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A session on one lease. */
final class EtcdSession implements StoreSession {
  private final Requests requests;
  private final Watches watches;
  private final Keys keys;
  private final StoreAge age;
  private final Mark openedAt;
  private final long leaseId;
  private final Duration ttl;
  private final Renewals renewals;
  private final Proof proof;
  private final Entries entries;
  private final Cells cells;
  private final Set<Departure> departures = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean closing = new AtomicBoolean();
  private volatile boolean regressionTold;
  private final CompletableFuture<@Nullable Void> closed = new CompletableFuture<>();

  /**
   * Takes a lease that was granted, with the key that lives as long.
   *
   * @param openedAt what was known of the store before the lease was asked for
   * @param openedInTerm the term in which the key was written
   */
  EtcdSession(
      Store.Parts store, Keys keys, Mark openedAt, long openedInTerm, long leaseId, Duration ttl) {
    this.requests = store.requests();
    this.watches = store.watches();
    this.age = store.age();
    this.keys = keys;
    this.openedAt = openedAt;
    this.leaseId = leaseId;
    this.ttl = ttl;
    this.renewals = new Renewals(store.connection(), leaseId, store.timeout());
    this.proof = new Proof(requests, keys, renewals, leaseId, ttl, openedInTerm);
    this.entries = new Entries(requests, keys, leaseId);
    this.cells = new Cells(requests, keys);
  }

  @Override
  public String id() {
    return Long.toHexString(leaseId);
  }

  @Override
  public Duration ttl() {
    return ttl;
  }

  @Override
  public Duration validityFromOpen() {
    return ttl;
  }

  @Override
  public CompletionStage<Duration> heartbeat() {
    return request(proof::heartbeat);
  }

  @Override
  public CompletionStage<Enqueued> enqueue(QueueName queue, EntrySpec spec) {
    return request(() -> entries.enqueue(queue, spec));
  }

  @Override
  public CompletionStage<Boolean> remove(Entry own) {
    return request(() -> entries.remove(own));
  }

  @Override
  public CompletionStage<Boolean> withdraw(QueueName queue, String entryId) {
    return request(() -> entries.withdraw(queue, entryId));
  }

  @Override
  public CompletionStage<@Nullable Void> update(Entry own, byte[] payload) {
    byte[] copy = payload.clone();
    return request(() -> entries.update(own, copy));
  }

  @Override
  public CompletionStage<WriteOutcome> write(Optional<Entry> guard, List<Mutation> writes) {
    List<Mutation> copy = List.copyOf(writes);
    return request(() -> cells.write(leaseId, guard, copy));
  }

  /** The version is not needed: the entry is looked for when the watch has begun. */
  @Override
  public Wait awaitDeparture(Entry entry, long fromVersion) {
    ByteString key = keys.at(entry.locator());
    Departure departure =
        new Departure(
            entry,
            key,
            () -> request(() -> requests.get("look for " + entry, key)),
            departures::remove);
    departures.add(departure);
    departure.begin(watches);
    if (closing.get()) {
      departure.broken(closedException());
    }
    return departure;
  }

  /** Makes a request, unless the session is known to be over before or afterwards. */
  private <T extends @Nullable Object> CompletableFuture<T> request(
      Supplier<CompletableFuture<T>> send) {
    if (closing.get()) {
      return CompletableFuture.failedFuture(closedException());
    }
    try {
      requireSameStore();
      return send.get()
          .handle(
              (answer, error) -> {
                if (error != null) {
                  return this.<T>failed(Codes.explain(Effect.WRITE, "use the session", error));
                }
                requireSameStore();
                return CompletableFuture.completedFuture(answer);
              })
          .thenCompose(Function.identity());
    } catch (StoreException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /**
   * The failure of a request. A store that was replaced does not know the session either, and says
   * so without a revision; so that is looked at first.
   */
  private <T extends @Nullable Object> CompletableFuture<T> failed(StoreException failure) {
    CompletableFuture<?> look =
        failure.outcome() == Outcome.SESSION_GONE
            ? requests.get("see why the session is gone", keys.session(leaseId))
            : CompletableFuture.completedFuture(failure);
    return look.handle(
        (found, error) -> {
          requireSameStore();
          throw failure;
        });
  }

  /**
   * Checks that the store has not gone back since this session was opened.
   *
   * @throws StoreException if it has
   */
  private void requireSameStore() {
    try {
      age.requireSameLife(openedAt);
    } catch (StoreException e) {
      regressionTold = true;
      throw e;
    }
  }

  /**
   * Checks that a view of the store is one that this session still belongs to: what it does not
   * show would be taken for removed. Only until the client knows.
   *
   * @throws StoreException if the store has gone back since the session was opened
   */
  void requireViewOfSameStore() {
    if (!closing.get() && !regressionTold) {
      age.requireSameLife(openedAt);
    }
  }

  private StoreException closedException() {
    return new StoreException(Outcome.SESSION_GONE, "the session " + id() + " was closed");
  }

  @Override
  public CompletionStage<@Nullable Void> close() {
    if (closing.compareAndSet(false, true)) {
      renewals.close();
      departures.forEach(departure -> departure.broken(closedException()));
      revoke(requests, leaseId)
          .whenComplete(
              (done, error) -> {
                if (error == null) {
                  closed.complete(null);
                } else {
                  closed.completeExceptionally(error);
                }
              });
    }
    return closed();
  }

  /** Completes when the session has been closed, or fails when it could not be. */
  CompletionStage<@Nullable Void> closed() {
    return closed.minimalCompletionStage();
  }

  /** Ends a lease, which drops everything that is bound to it; one that is gone is ended. */
  static CompletableFuture<@Nullable Void> revoke(Requests requests, long leaseId) {
    return requests
        .revoke(
            "close session " + Long.toHexString(leaseId),
            LeaseRevokeRequest.newBuilder().setID(leaseId).build())
        .handle(
            (answer, error) -> {
              if (error != null) {
                StoreException known = Codes.explain(Effect.WRITE, "close a session", error);
                if (known.outcome() != Outcome.SESSION_GONE) {
                  throw known;
                }
              }
              return null;
            });
  }

  @Override
  public String toString() {
    return "session " + id();
  }
}

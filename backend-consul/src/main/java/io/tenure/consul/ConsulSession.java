package io.tenure.consul;

import io.tenure.consul.Cells.Writer;
import io.tenure.consul.Codes.Request;
import io.tenure.consul.Keys.EntryName;
import io.tenure.consul.Transaction.Result;
import io.tenure.spi.Detail;
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
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A session in Consul, without health checks, whose end deletes the keys it holds.
 *
 * <p>The leader lets a session live for twice its TTL after its last renewal, and for as long after
 * it became leader. A renewal is good for one TTL here: the second one covers an answer of a leader
 * that has been replaced and does not know it yet.
 */
final class ConsulSession implements StoreSession {
  private final String id;
  private final Duration ttl;
  private final Agent agent;
  private final Keys keys;
  private final Cells cells;
  private final Followers followers;
  private final Set<Departure> departures = ConcurrentHashMap.newKeySet();
  private final AtomicReference<Optional<CompletableFuture<@Nullable Void>>> closing =
      new AtomicReference<>(Optional.empty());

  ConsulSession(String id, Duration ttl, Agent agent, Keys keys, Cells cells, Followers followers) {
    this.id = id;
    this.ttl = ttl;
    this.agent = agent;
    this.keys = keys;
    this.cells = cells;
    this.followers = followers;
  }

  @Override
  public String id() {
    return id;
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
    return unlessClosed(
        () ->
            agent
                .renew(id)
                .thenApply(
                    reply -> {
                      if (reply.isOk()) {
                        return ttl;
                      }
                      throw reply.status() == 404
                          ? gone("renew it")
                          : Codes.refused(Request.READ, "renew the session " + id, reply);
                    }));
  }

  @Override
  public CompletionStage<Enqueued> enqueue(QueueName queue, EntrySpec spec) {
    String prefix = keys.queue(queue);
    String key = keys.entry(queue, spec);
    String what = "enqueue " + spec;
    return unlessClosed(
        () ->
            new Transaction()
                .lock(key, spec.payload(), id)
                .getTree(prefix)
                .send(agent, what)
                .thenApply(result -> enqueued(queue, spec, orElseFail(what, result).pairs())));
  }

  private Enqueued enqueued(QueueName queue, EntrySpec spec, List<Pair> pairs) {
    String prefix = keys.queue(queue);
    String key = keys.entry(queue, spec);
    // The first pair is the answer to the lock, which shows no value.
    List<Pair> tree = pairs.subList(1, pairs.size());
    boolean isMine =
        tree.stream()
            .anyMatch(pair -> pair.key().equals(key) && pair.holder().equals(Optional.of(id)));
    if (!isMine) {
      throw new StoreException(
          Outcome.UNKNOWN, "the entry " + spec + " is not shown as one of the session " + id);
    }
    List<Entry> entries = Queues.entries(queue, prefix, tree, Detail.PAYLOADS);
    Entry self =
        entries.stream().filter(entry -> entry.locator().equals(key)).findFirst().orElseThrow();
    List<Entry> ahead = entries.stream().filter(entry -> entry.order() < self.order()).toList();
    long version = tree.stream().mapToLong(Pair::modifyIndex).max().orElse(self.order());
    return new Enqueued(self, ahead, version);
  }

  @Override
  public CompletionStage<Boolean> remove(Entry own) {
    return unlessClosed(() -> delete(own.locator()));
  }

  /** Deletes a key if this session holds it. If it does not, then it is no entry of ours. */
  private CompletableFuture<Boolean> delete(String key) {
    return new Transaction()
        .checkSession(key, id)
        .delete(key)
        .send(agent, "remove " + key)
        .thenApply(result -> result.failure() == null);
  }

  @Override
  public CompletionStage<Boolean> withdraw(QueueName queue, String entryId) {
    Place names = new Place(keys.queue(queue), Place.Scope.NAMES);
    return unlessClosed(
        () ->
            agent
                .read("withdraw " + entryId, names)
                .thenCompose(now -> deleteNamed(now, names.path(), entryId)));
  }

  private CompletableFuture<Boolean> deleteNamed(Snapshot now, String prefix, String entryId) {
    CompletableFuture<Boolean> deleted = CompletableFuture.completedFuture(false);
    for (Pair pair : now.pairs()) {
      Optional<EntryName> name = Keys.entryName(pair.key(), prefix);
      if (name.filter(known -> known.id().equals(entryId)).isPresent()) {
        deleted = deleted.thenCombine(delete(pair.key()), Boolean::logicalOr);
      }
    }
    return deleted;
  }

  @Override
  public CompletionStage<@Nullable Void> update(Entry own, byte[] payload) {
    String what = "update " + own;
    byte[] copy = payload.clone();
    return unlessClosed(
        () ->
            new Transaction()
                .checkSession(own.locator(), id)
                .lock(own.locator(), copy, id)
                .send(agent, what)
                .<@Nullable Void>thenApply(
                    result -> {
                      orElseFail(what, result);
                      return null;
                    }));
  }

  private static Result orElseFail(String what, Result result) {
    if (result.failure() != null) {
      throw new StoreException(
          Outcome.NOT_DONE, "cannot " + what + ": Consul answered " + result.failure().what());
    }
    return result;
  }

  @Override
  public Wait awaitDeparture(Entry entry, long fromVersion) {
    Departure departure = new Departure(entry.locator(), departures::remove);
    departures.add(departure);
    if (closing.get().isPresent()) {
      departure.fail(gone("watch an entry"));
    } else {
      followers.follow(departure, fromVersion);
    }
    return departure;
  }

  @Override
  public CompletionStage<WriteOutcome> write(Optional<Entry> guard, List<Mutation> writes) {
    Writer writer = new Writer(id, guard.map(Entry::locator));
    return unlessClosed(() -> cells.write(Optional.of(writer), List.copyOf(writes)));
  }

  private <T extends @Nullable Object> CompletableFuture<T> unlessClosed(
      Supplier<CompletableFuture<T>> request) {
    return closing.get().isPresent()
        ? CompletableFuture.failedFuture(gone("use it"))
        : request.get();
  }

  private StoreException gone(String what) {
    return new StoreException(
        Outcome.SESSION_GONE, "cannot " + what + ": the session " + id + " is over");
  }

  @Override
  public CompletionStage<@Nullable Void> close() {
    CompletableFuture<@Nullable Void> closed = new CompletableFuture<>();
    if (closing.compareAndSet(Optional.empty(), Optional.of(closed))) {
      departures.forEach(departure -> departure.fail(gone("watch an entry")));
      String what = "destroy the session " + id;
      agent
          .put(what, "/v1/session/destroy/" + id, "")
          .whenComplete(
              (reply, error) -> {
                if (error != null) {
                  closed.completeExceptionally(Codes.lost(Request.WRITE, what, error));
                } else if (reply.isOk()) {
                  closed.complete(null);
                } else {
                  closed.completeExceptionally(Codes.refused(Request.WRITE, what, reply));
                }
              });
    }
    return closing.get().orElseThrow().minimalCompletionStage();
  }

  @Override
  public String toString() {
    return "ConsulSession[" + id + "]";
  }
}

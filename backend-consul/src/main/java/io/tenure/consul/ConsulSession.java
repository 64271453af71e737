package io.tenure.consul;

import com.google.gson.annotations.SerializedName;
import io.tenure.consul.Cells.Writer;
import io.tenure.consul.Codes.Request;
import io.tenure.consul.StoreAge.Mark;
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
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
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
  private final StoreAge age;
  private final Mark openedAt;
  private final Entries entries;
  private final Cells cells;
  private final Followers followers;
  private final Set<Departure> departures = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean closing = new AtomicBoolean();
  private final CompletableFuture<@Nullable Void> closed = new CompletableFuture<>();

  /** A session as Consul's JSON has it, for as much as is looked at. */
  record Shown(@SerializedName("ID") String id) {}

  /**
   * Takes a session that was created.
   *
   * @param openedAt what was known of the store before the session was asked for
   */
  ConsulSession(Store.Parts store, Mark openedAt, String id, Duration ttl) {
    this.id = id;
    this.ttl = ttl;
    this.agent = store.agent();
    this.age = store.age();
    this.openedAt = openedAt;
    this.entries = new Entries(agent, store.keys(), age, id);
    this.cells = store.cells();
    this.followers = store.followers();
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
    age.look();
    return request(() -> agent.renew(id).thenCompose(this::renewed));
  }

  private CompletableFuture<Duration> renewed(Reply reply) {
    return reply.status() == 404 ? notFound() : CompletableFuture.completedFuture(proved(reply));
  }

  /** A store that was replaced does not know the session either, so that is looked at first. */
  private CompletableFuture<Duration> notFound() {
    return age.ask()
        .handle(
            (known, error) -> {
              throw gone("renew it");
            });
  }

  /** Nothing but the session itself proves it: who answers may be a proxy, or a portal. */
  private Duration proved(Reply reply) {
    String what = "renew the session " + id;
    if (!reply.isOk()) {
      throw Codes.refused(Request.READ, what, reply);
    }
    if (Arrays.stream(Json.read(reply.body(), Shown[].class)).noneMatch(it -> it.id().equals(id))) {
      throw new StoreException(Outcome.NOT_DONE, "cannot " + what + ": the answer is " + reply);
    }
    return ttl;
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
  public Wait awaitDeparture(Entry entry, long fromVersion) {
    Departure departure = new Departure(entry.locator(), departures::remove);
    departures.add(departure);
    if (!closing.get()) {
      followers.follow(departure, fromVersion);
    }
    // It may have been closed meanwhile, before or after it knew of this wait.
    if (closing.get()) {
      departure.fail(gone("watch an entry"));
    }
    return departure;
  }

  @Override
  public CompletionStage<WriteOutcome> write(Optional<Entry> guard, List<Mutation> writes) {
    Writer writer = new Writer(id, guard.map(Entry::locator));
    return request(() -> cells.write(Optional.of(writer), List.copyOf(writes)));
  }

  /** Makes a request, unless the session is known to be over before or afterwards. */
  private <T extends @Nullable Object> CompletableFuture<T> request(
      Supplier<CompletableFuture<T>> send) {
    if (closing.get()) {
      return CompletableFuture.failedFuture(gone("use it"));
    }
    try {
      age.requireSameLife(openedAt);
      return send.get()
          .handle(
              (answer, error) -> {
                age.requireSameLife(openedAt);
                if (error != null) {
                  throw Codes.lost(Request.WRITE, "use the session " + id, error);
                }
                return answer;
              });
    } catch (StoreException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private StoreException gone(String what) {
    return new StoreException(
        Outcome.SESSION_GONE, "cannot " + what + ": the session " + id + " is over");
  }

  @Override
  public CompletionStage<@Nullable Void> close() {
    if (closing.compareAndSet(false, true)) {
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
    return closed();
  }

  /** Completes when the session has been closed, or fails when it could not be. */
  CompletionStage<@Nullable Void> closed() {
    return closed.minimalCompletionStage();
  }

  @Override
  public String toString() {
    return "ConsulSession[" + id + "]";
  }
}

package io.tenure.zookeeper;

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
import io.tenure.zookeeper.Codes.Request;
import io.tenure.zookeeper.Leftovers.Leftover;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session on one pinned handle.
 *
 * <p>Ending it drops what it has in the store, and leaves ZooKeeper's own session to whom it
 * belongs.
 */
final class ZooKeeperSession implements StoreSession {
  private static final Logger log = LoggerFactory.getLogger(ZooKeeperSession.class);

  private final Handle handle;
  private final Proof proof;
  private final Enqueuing entries;
  private final Cells cells;
  private final Belongings belongings;
  private final Departures departures;
  private final Duration validityFromOpen;
  private final AtomicReference<Optional<CompletableFuture<@Nullable Void>>> closing =
      new AtomicReference<>(Optional.empty());

  ZooKeeperSession(
      Handle handle,
      Proof proof,
      Duration validityFromOpen,
      Enqueuing entries,
      Cells cells,
      Belongings belongings) {
    this.handle = handle;
    this.proof = proof;
    this.validityFromOpen = validityFromOpen;
    this.entries = entries;
    this.cells = cells;
    this.belongings = belongings;
    this.departures = new Departures(handle);
  }

  @Override
  public String id() {
    return handle.toString();
  }

  @Override
  public Duration ttl() {
    return proof.sessionTimeout();
  }

  @Override
  public Duration validityFromOpen() {
    return validityFromOpen;
  }

  @Override
  public CompletionStage<Duration> heartbeat() {
    return request(Request.READ, "send a heartbeat", proof::heartbeat);
  }

  @Override
  public CompletionStage<Enqueued> enqueue(QueueName queue, EntrySpec spec) {
    return request(Request.ENTRY, "enqueue " + spec, () -> entries.enqueue(queue, spec));
  }

  @Override
  public CompletionStage<Boolean> remove(Entry own) {
    return request(Request.ENTRY, "remove " + own, () -> entries.remove(own));
  }

  @Override
  public CompletionStage<Boolean> withdraw(QueueName queue, String entryId) {
    return request(Request.ENTRY, "withdraw " + entryId, () -> entries.withdraw(queue, entryId));
  }

  @Override
  public CompletionStage<@Nullable Void> update(Entry own, byte[] payload) {
    byte[] copy = payload.clone();
    return request(Request.ENTRY, "update " + own, () -> handle.setData(own.locator(), copy))
        .<@Nullable Void>thenApply(stat -> null);
  }

  @Override
  public Wait awaitDeparture(Entry entry, long fromVersion) {
    // Reading the node finds a departure of any time before, so the version is not needed.
    return departures.await(entry.locator());
  }

  @Override
  public CompletionStage<WriteOutcome> write(Optional<Entry> guard, List<Mutation> writes) {
    return request(
        Request.CELL,
        "write " + writes.size() + " cells",
        () -> cells.write(handle, guard.map(Entry::locator), List.copyOf(writes), belongings));
  }

  /** Makes a request unless the session is known to be over, and explains what comes of it. */
  private <T> CompletionStage<T> request(
      Request kind, String what, Supplier<CompletableFuture<T>> send) {
    if (closing.get().isPresent() || !handle.isAlive()) {
      return CompletableFuture.failedFuture(
          new StoreException(
              Outcome.SESSION_GONE, "cannot " + what + ": the session " + handle + " is over"));
    }
    return Futures.attempt(send)
        .exceptionally(
            error -> {
              throw Codes.explain(kind, what, error);
            });
  }

  @Override
  public CompletionStage<@Nullable Void> close() {
    CompletableFuture<@Nullable Void> closed = new CompletableFuture<>();
    if (closing.compareAndSet(Optional.empty(), Optional.of(closed))) {
      proof.end();
      belongings.close();
      departures.close(
          new StoreException(Outcome.SESSION_GONE, "the session " + handle + " was closed"));
      Leftovers.delete(handle, leftovers())
          .whenComplete(
              (done, error) -> {
                log.debug("session {} is closed", handle);
                closed.complete(null);
              });
    }
    return closing.get().orElseThrow().minimalCompletionStage();
  }

  private List<Leftover> leftovers() {
    List<Leftover> all = new ArrayList<>();
    belongings
        .entries()
        .forEach(
            (id, queue) -> all.add(new Leftover("entry " + id, () -> entries.withdraw(queue, id))));
    belongings
        .cellsByMarker()
        .forEach(
            (marker, cell) ->
                all.add(new Leftover("cell " + cell, () -> Cells.drop(handle, marker, cell))));
    return all;
  }
}

package io.tenure.inmemory;

import io.tenure.inmemory.Faults.Operation;
import io.tenure.spi.Enqueued;
import io.tenure.spi.Entry;
import io.tenure.spi.EntrySpec;
import io.tenure.spi.Mutation;
import io.tenure.spi.QueueName;
import io.tenure.spi.StoreSession;
import io.tenure.spi.Wait;
import io.tenure.spi.WriteOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A session as its client holds it: turns each call into a request. */
final class MemorySession implements StoreSession {
  private final Link link;
  private final SessionState state;

  MemorySession(Link link, SessionState state) {
    this.link = link;
    this.state = state;
  }

  @Override
  public String id() {
    return state.id();
  }

  @Override
  public Duration ttl() {
    return state.ttl();
  }

  @Override
  public Duration validityFromOpen() {
    // The store counts from when it opened the session, which is not before it was asked to.
    return state.ttl();
  }

  @Override
  public CompletionStage<Duration> heartbeat() {
    return link.heartbeat(state);
  }

  @Override
  public CompletionStage<Enqueued> enqueue(QueueName queue, EntrySpec spec) {
    return link.send(Operation.ENQUEUE, queue.path(), model -> model.enqueue(state, queue, spec));
  }

  @Override
  public CompletionStage<Boolean> remove(Entry own) {
    return link.send(Operation.REMOVE, own.queue().path(), model -> model.remove(state, own));
  }

  @Override
  public CompletionStage<Boolean> withdraw(QueueName queue, String entryId) {
    return link.send(
        Operation.WITHDRAW, queue.path(), model -> model.withdraw(state, queue, entryId));
  }

  @Override
  public CompletionStage<@Nullable Void> update(Entry own, byte[] payload) {
    byte[] copy = payload.clone();
    return link.<@Nullable Void>send(
        Operation.UPDATE,
        own.queue().path(),
        model -> {
          model.update(state, own, copy);
          return null;
        });
  }

  @Override
  public Wait awaitDeparture(Entry entry, long fromVersion) {
    // The version is not needed: this store knows at once whether the entry is still there.
    MemoryWait wait = new MemoryWait(link, state, entry);
    wait.begin();
    return wait;
  }

  @Override
  public CompletionStage<WriteOutcome> write(Optional<Entry> guard, List<Mutation> writes) {
    List<Mutation> copy = List.copyOf(writes);
    return link.send(Operation.WRITE, targetOf(copy), model -> model.write(state, guard, copy));
  }

  @Override
  public CompletionStage<@Nullable Void> close() {
    return link.closeSession(state);
  }

  /** Returns what a write is known by to those who decide about faults. */
  static String targetOf(List<Mutation> writes) {
    return writes.isEmpty() ? "" : writes.get(0).key();
  }

  @Override
  public String toString() {
    return "session " + state;
  }
}

package io.tenure.testkit;

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

/** A session whose every call passes the switchboard. */
record FaultySession(Switchboard board, StoreSession real) implements StoreSession {
  @Override
  public String id() {
    return real.id();
  }

  @Override
  public Duration ttl() {
    return real.ttl();
  }

  @Override
  public Duration validityFromOpen() {
    return real.validityFromOpen();
  }

  @Override
  public CompletionStage<Duration> heartbeat() {
    return board.route(StoreCall.HEARTBEAT, real::heartbeat);
  }

  @Override
  public CompletionStage<Enqueued> enqueue(QueueName queue, EntrySpec spec) {
    return board.route(StoreCall.ENQUEUE, () -> real.enqueue(queue, spec));
  }

  @Override
  public CompletionStage<Boolean> remove(Entry own) {
    return board.route(StoreCall.REMOVE, () -> real.remove(own));
  }

  @Override
  public CompletionStage<Boolean> withdraw(QueueName queue, String entryId) {
    return board.route(StoreCall.WITHDRAW, () -> real.withdraw(queue, entryId));
  }

  @Override
  public CompletionStage<@Nullable Void> update(Entry own, byte[] payload) {
    return board.<@Nullable Void>route(StoreCall.UPDATE, () -> real.update(own, payload));
  }

  @Override
  public Wait awaitDeparture(Entry entry, long fromVersion) {
    return FaultyWait.start(board, () -> real.awaitDeparture(entry, fromVersion));
  }

  @Override
  public CompletionStage<WriteOutcome> write(Optional<Entry> guard, List<Mutation> writes) {
    return board.route(StoreCall.WRITE, () -> real.write(guard, writes));
  }

  @Override
  public CompletionStage<@Nullable Void> close() {
    return board.<@Nullable Void>route(StoreCall.CLOSE_SESSION, real::close);
  }
}

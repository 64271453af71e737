package io.tenure.testkit.sim;

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

/** A session that passes everything on, for defects to override. */
class PassingSession implements StoreSession {
  final StoreSession real;
  final Replica replica;

  PassingSession(StoreSession real, Replica replica) {
    this.real = real;
    this.replica = replica;
  }

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
    return real.heartbeat();
  }

  @Override
  public CompletionStage<Enqueued> enqueue(QueueName queue, EntrySpec spec) {
    return real.enqueue(queue, spec);
  }

  @Override
  public CompletionStage<Boolean> remove(Entry own) {
    return real.remove(own);
  }

  @Override
  public CompletionStage<Boolean> withdraw(QueueName queue, String entryId) {
    return real.withdraw(queue, entryId);
  }

  @Override
  public CompletionStage<Void> update(Entry own, byte[] payload) {
    return real.update(own, payload);
  }

  @Override
  public Wait awaitDeparture(Entry entry, long fromVersion) {
    return real.awaitDeparture(entry, fromVersion);
  }

  @Override
  public CompletionStage<WriteOutcome> write(Optional<Entry> guard, List<Mutation> writes) {
    return real.write(guard, writes);
  }

  @Override
  public CompletionStage<Void> close() {
    return real.close();
  }
}

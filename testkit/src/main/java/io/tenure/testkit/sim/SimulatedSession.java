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
import org.jspecify.annotations.Nullable;

/** A session as the simulated process that opened it sees it. */
final class SimulatedSession implements StoreSession {
  private final Link link;
  private final StoreProfile profile;
  private final StoredSession stored;

  SimulatedSession(Link link, StoreProfile profile, StoredSession stored) {
    this.link = link;
    this.profile = profile;
    this.stored = stored;
  }

  StoredSession stored() {
    return stored;
  }

  @Override
  public String id() {
    return stored.id();
  }

  @Override
  public Duration ttl() {
    return Duration.ofNanos(stored.ttlNanos());
  }

  @Override
  public Duration validityFromOpen() {
    return Duration.ofNanos(profile.validityNanos(stored.ttlNanos()));
  }

  @Override
  public CompletionStage<Duration> heartbeat() {
    return link.request(
        () -> link.store().heartbeat(stored, link.weather().is(FaultKind.STALE_HEARTBEATS)));
  }

  @Override
  public CompletionStage<Enqueued> enqueue(QueueName queue, EntrySpec spec) {
    return link.request(() -> link.store().enqueue(stored, queue, spec));
  }

  @Override
  public CompletionStage<Boolean> remove(Entry own) {
    return withdraw(own.queue(), own.id());
  }

  @Override
  public CompletionStage<Boolean> withdraw(QueueName queue, String entryId) {
    return link.request(() -> link.store().remove(stored, queue, entryId));
  }

  @Override
  public CompletionStage<@Nullable Void> update(Entry own, byte[] payload) {
    return link.<@Nullable Void>request(
        () -> {
          link.store().update(stored, own, payload);
          return null;
        });
  }

  @Override
  public Wait awaitDeparture(Entry entry, long fromVersion) {
    SimulatedWait wait = new SimulatedWait(link, stored, entry);
    wait.begin();
    return wait;
  }

  @Override
  public CompletionStage<WriteOutcome> write(Optional<Entry> guard, List<Mutation> writes) {
    return link.request(() -> link.store().write(Optional.of(stored), guard, writes));
  }

  @Override
  public CompletionStage<@Nullable Void> close() {
    return link.<@Nullable Void>request(
        () -> {
          link.store().end(stored, false);
          return null;
        });
  }
}

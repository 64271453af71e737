package io.tenure;

import io.tenure.spi.Detail;
import io.tenure.spi.Enqueued;
import io.tenure.spi.Entry;
import io.tenure.spi.EntrySpec;
import io.tenure.spi.Mutation;
import io.tenure.spi.QueueName;
import io.tenure.spi.QueueView;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.StoreSession;
import io.tenure.spi.Traits;
import io.tenure.spi.Wait;
import io.tenure.spi.WriteOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/**
 * A store on which nobody is ever ahead. It answers at once, but for heartbeats, and for openings
 * where the test wants to choose the moment. Requests come from the lane only, so the notes that it
 * takes are plain fields, but for the openings: these are answered from any thread.
 */
final class StagedStore implements StoreConnection {
  static final Duration TTL = Duration.ofNanos(20_000);
  static final Traits TRAITS =
      new Traits("staged", TTL, TTL, TTL, 1, Duration.ZERO, Duration.ZERO, 1, "a counter");

  final List<Session> opened = new CopyOnWriteArrayList<>();
  final List<CompletableFuture<StoreSession>> openings = new CopyOnWriteArrayList<>();
  final List<CompletableFuture<Duration>> beats = new ArrayList<>();
  final CountDownLatch closed = new CountDownLatch(1);
  boolean opensAtOnce = true;

  /** The answer to any write. */
  WriteOutcome written = new WriteOutcome.Applied(List.of());

  int entries;
  private long revision;

  /** Answers an opening that was not answered at once. */
  void open(int opening) {
    openings.get(opening).complete(session());
  }

  /** Answers the first opening that has no answer yet; returns false if there is none. */
  boolean openNext() {
    for (CompletableFuture<StoreSession> opening : openings) {
      if (!opening.isDone()) {
        return opening.complete(session());
      }
    }
    return false;
  }

  Session session() {
    Session session = new Session("session-" + opened.size());
    opened.add(session);
    return session;
  }

  /** How many sessions were opened and not closed. */
  long standing() {
    return opened.stream().filter(session -> session.closed == 0).count();
  }

  @Override
  public CompletionStage<StoreSession> openSession() {
    CompletableFuture<StoreSession> opening = new CompletableFuture<>();
    openings.add(opening);
    if (opensAtOnce) {
      opening.complete(session());
    }
    return opening;
  }

  @Override
  public CompletionStage<QueueView> read(QueueName queue, Detail detail) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Subscription watch(
      QueueName queue, Detail detail, Consumer<QueueView> onView, Consumer<Throwable> onEnd) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<Optional<Versioned>> get(String key) {
    return CompletableFuture.completedFuture(Optional.empty());
  }

  @Override
  public CompletionStage<WriteOutcome> write(List<Mutation> writes) {
    return CompletableFuture.completedFuture(written);
  }

  @Override
  public void close() {
    closed.countDown();
  }

  final class Session implements StoreSession {
    private final String id;
    int closed;

    private Session(String id) {
      this.id = id;
    }

    @Override
    public String id() {
      return id;
    }

    @Override
    public Duration ttl() {
      return TTL;
    }

    @Override
    public Duration validityFromOpen() {
      return TTL;
    }

    @Override
    public CompletionStage<Duration> heartbeat() {
      CompletableFuture<Duration> beat = new CompletableFuture<>();
      beats.add(beat);
      return beat;
    }

    @Override
    public CompletionStage<Enqueued> enqueue(QueueName queue, EntrySpec spec) {
      entries++;
      revision++;
      OptionalLong order = OptionalLong.of(revision);
      Entry self = new Entry(queue, spec.id(), "w", revision, order, "", Optional.empty());
      return CompletableFuture.completedFuture(new Enqueued(self, List.of(), revision));
    }

    @Override
    public CompletionStage<Boolean> remove(Entry own) {
      entries--;
      return CompletableFuture.completedFuture(true);
    }

    @Override
    public CompletionStage<Boolean> withdraw(QueueName queue, String entryId) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Void> update(Entry own, byte[] payload) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Wait awaitDeparture(Entry entry, long fromVersion) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<WriteOutcome> write(Optional<Entry> guard, List<Mutation> writes) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Void> close() {
      closed++;
      return CompletableFuture.completedFuture(null);
    }
  }
}

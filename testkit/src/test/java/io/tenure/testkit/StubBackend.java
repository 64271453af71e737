package io.tenure.testkit;

import io.tenure.Subscription;
import io.tenure.Versioned;
import io.tenure.spi.Backend;
import io.tenure.spi.ClientSpec;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** A store that remembers what it was asked, and answers when the test does. */
final class StubBackend implements Backend, StoreConnection {
  final List<String> asked = new ArrayList<>();
  CompletableFuture<QueueView> view = new CompletableFuture<>();
  CompletableFuture<Duration> beat = new CompletableFuture<>();
  CompletableFuture<Void> departed = new CompletableFuture<>();
  Consumer<QueueView> onView = unset -> {};
  int cancelled;

  @Override
  public Traits traits() {
    throw new UnsupportedOperationException();
  }

  @Override
  public StoreConnection open(ClientSpec spec) {
    return this;
  }

  @Override
  public CompletionStage<StoreSession> openSession() {
    asked.add("open");
    return CompletableFuture.completedFuture(new Session());
  }

  @Override
  public CompletionStage<QueueView> read(QueueName queue, Detail detail) {
    asked.add("read");
    return view;
  }

  @Override
  public Subscription watch(
      QueueName queue, Detail detail, Consumer<QueueView> views, Consumer<Throwable> onEnd) {
    asked.add("watch");
    onView = views;
    return () -> cancelled++;
  }

  @Override
  public CompletionStage<Optional<Versioned>> get(String key) {
    asked.add("get");
    return CompletableFuture.completedFuture(Optional.empty());
  }

  @Override
  public CompletionStage<WriteOutcome> write(List<Mutation> writes) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    asked.add("close");
  }

  private final class Session implements StoreSession {
    @Override
    public String id() {
      return "stub";
    }

    @Override
    public Duration ttl() {
      return Duration.ofSeconds(1);
    }

    @Override
    public Duration validityFromOpen() {
      return ttl();
    }

    @Override
    public CompletionStage<Duration> heartbeat() {
      asked.add("heartbeat");
      return beat;
    }

    @Override
    public CompletionStage<Enqueued> enqueue(QueueName queue, EntrySpec spec) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Boolean> remove(Entry own) {
      throw new UnsupportedOperationException();
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
      asked.add("await");
      return new Wait() {
        @Override
        public CompletionStage<Void> departed() {
          return departed;
        }

        @Override
        public void cancel() {
          cancelled++;
        }
      };
    }

    @Override
    public CompletionStage<WriteOutcome> write(Optional<Entry> guard, List<Mutation> writes) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Void> close() {
      asked.add("close session");
      return CompletableFuture.completedFuture(null);
    }
  }
}

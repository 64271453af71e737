package io.tenure.testkit.sim;

import io.tenure.Subscription;
import io.tenure.spi.Backend;
import io.tenure.spi.Detail;
import io.tenure.spi.Enqueued;
import io.tenure.spi.Entry;
import io.tenure.spi.EntrySpec;
import io.tenure.spi.Mutation;
import io.tenure.spi.QueueName;
import io.tenure.spi.QueueView;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import io.tenure.spi.StoreSession;
import io.tenure.spi.Ticker;
import io.tenure.spi.Wait;
import io.tenure.spi.WriteOutcome;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** The pieces of code that {@link Defect}s put between the core and the simulated world. */
final class Broken {
  private Broken() {}

  private static Outcome outcome(Throwable error) {
    Throwable cause = error instanceof CompletionException ? error.getCause() : error;
    return cause instanceof StoreException known ? known.outcome() : Outcome.UNKNOWN;
  }

  /** Says of an unknown outcome that nothing was done. */
  private static <T> CompletionStage<T> notDone(CompletionStage<T> answer) {
    CompletableFuture<T> told = new CompletableFuture<>();
    answer.whenComplete(
        (value, error) -> {
          if (error == null) {
            told.complete(value);
          } else {
            told.completeExceptionally(
                outcome(error) == Outcome.UNKNOWN
                    ? new StoreException(Outcome.NOT_DONE, "surely not done")
                    : error);
          }
        });
    return told;
  }

  static final class AnswerTime extends PassingSession {
    AnswerTime(StoreSession real, Replica replica) {
      super(real, replica);
    }

    @Override
    public CompletionStage<Duration> heartbeat() {
      Duration sent = replica.simulation().now();
      return real.heartbeat()
          .thenApply(
              validity ->
                  validity.isZero()
                      ? validity
                      : validity.plus(replica.simulation().now().minus(sent)));
    }
  }

  static final class Forever extends PassingSession {
    Forever(StoreSession real, Replica replica) {
      super(real, replica);
    }

    @Override
    public Duration validityFromOpen() {
      return Duration.ofDays(1);
    }
  }

  static final class HalfAgain extends PassingSession {
    HalfAgain(StoreSession real, Replica replica) {
      super(real, replica);
    }

    @Override
    public CompletionStage<Duration> heartbeat() {
      return real.heartbeat().thenApply(validity -> validity.multipliedBy(3).dividedBy(2));
    }
  }

  static final class StaleCounts extends PassingSession {
    StaleCounts(StoreSession real, Replica replica) {
      super(real, replica);
    }

    @Override
    public CompletionStage<Duration> heartbeat() {
      return real.heartbeat().thenApply(validity -> validity.isZero() ? ttl() : validity);
    }
  }

  static final class OwnEntryIgnored extends PassingSession {
    private final Set<String> own = new HashSet<>();

    OwnEntryIgnored(StoreSession real, Replica replica) {
      super(real, replica);
    }

    @Override
    public CompletionStage<Duration> heartbeat() {
      CompletableFuture<Duration> told = new CompletableFuture<>();
      real.heartbeat()
          .whenComplete(
              (validity, error) -> {
                if (error == null) {
                  told.complete(validity);
                } else if (outcome(error) == Outcome.SESSION_GONE) {
                  told.complete(ttl());
                } else {
                  told.completeExceptionally(error);
                }
              });
      return told;
    }

    @Override
    public CompletionStage<Enqueued> enqueue(QueueName queue, EntrySpec spec) {
      own.add(spec.id());
      return real.enqueue(queue, spec);
    }

    @Override
    public Wait awaitDeparture(Entry entry, long fromVersion) {
      Wait wait = real.awaitDeparture(entry, fromVersion);
      return own.contains(entry.id()) ? new Tampered(wait, new CompletableFuture<>()) : wait;
    }
  }

  static final class OwnToken extends PassingSession {
    OwnToken(StoreSession real, Replica replica) {
      super(real, replica);
    }

    @Override
    public CompletionStage<Enqueued> enqueue(QueueName queue, EntrySpec spec) {
      return real.enqueue(queue, spec)
          .thenApply(
              answer -> {
                Entry self = answer.self();
                Entry changed =
                    new Entry(
                        self.queue(),
                        self.id(),
                        self.kind(),
                        self.order(),
                        OptionalLong.of(1 + Math.floorMod(spec.id().hashCode(), 1_000_000)),
                        self.locator(),
                        self.payload());
                return new Enqueued(changed, answer.ahead(), answer.version());
              });
    }
  }

  static final class Predecessor extends PassingSession {
    Predecessor(StoreSession real, Replica replica) {
      super(real, replica);
    }

    @Override
    public CompletionStage<Enqueued> enqueue(QueueName queue, EntrySpec spec) {
      return real.enqueue(queue, spec)
          .thenApply(
              answer -> {
                int ahead = answer.ahead().size();
                return new Enqueued(
                    answer.self(),
                    answer.ahead().subList(Math.max(0, ahead - 1), ahead),
                    answer.version());
              });
    }
  }

  static final class BlindRetry extends PassingSession {
    private final Set<String> tried = new HashSet<>();

    BlindRetry(StoreSession real, Replica replica) {
      super(real, replica);
    }

    @Override
    public CompletionStage<Enqueued> enqueue(QueueName queue, EntrySpec spec) {
      boolean again = !tried.add(spec.id());
      return real.enqueue(queue, spec)
          .thenApply(
              answer -> again ? new Enqueued(answer.self(), List.of(), answer.version()) : answer);
    }
  }

  static final class RemovesFirst extends PassingSession {
    RemovesFirst(StoreSession real, Replica replica) {
      super(real, replica);
    }

    @Override
    public CompletionStage<Boolean> remove(Entry own) {
      SimulatedStore store = replica.simulation().world().store();
      Optional<StoredEntry> head = store.head(own.queue());
      head.ifPresent(entry -> store.remove(entry.session(), entry.queue(), entry.id()));
      return CompletableFuture.completedFuture(true);
    }
  }

  /** A watch that a defect ends as it likes. */
  private record Tampered(Wait real, CompletableFuture<Void> told) implements Wait {
    @Override
    public CompletionStage<Void> departed() {
      return told;
    }

    @Override
    public void cancel() {
      real.cancel();
    }
  }

  static final class MissesDepartures extends PassingSession {
    MissesDepartures(StoreSession real, Replica replica) {
      super(real, replica);
    }

    @Override
    public Wait awaitDeparture(Entry entry, long fromVersion) {
      Wait wait = real.awaitDeparture(entry, fromVersion);
      Tampered tampered = new Tampered(wait, new CompletableFuture<>());
      boolean missed = replica.random().nextInt(10) == 0;
      wait.departed()
          .whenComplete(
              (gone, error) -> {
                if (error != null) {
                  tampered.told().completeExceptionally(error);
                } else if (!missed) {
                  tampered.told().complete(null);
                }
              });
      return tampered;
    }
  }

  static final class DeadWatch extends PassingSession {
    DeadWatch(StoreSession real, Replica replica) {
      super(real, replica);
    }

    @Override
    public Wait awaitDeparture(Entry entry, long fromVersion) {
      Wait wait = real.awaitDeparture(entry, fromVersion);
      Tampered tampered = new Tampered(wait, new CompletableFuture<>());
      wait.departed().thenAccept(gone -> tampered.told().complete(null));
      return tampered;
    }
  }

  static final class Stays extends PassingSession {
    Stays(StoreSession real, Replica replica) {
      super(real, replica);
    }

    @Override
    public CompletionStage<Boolean> withdraw(QueueName queue, String entryId) {
      return CompletableFuture.completedFuture(false);
    }
  }

  static final class NewName extends PassingSession {
    private final Map<String, Integer> tries = new HashMap<>();

    NewName(StoreSession real, Replica replica) {
      super(real, replica);
    }

    @Override
    public CompletionStage<Enqueued> enqueue(QueueName queue, EntrySpec spec) {
      int again = tries.merge(spec.id(), 1, Integer::sum);
      String id = Integer.toHexString(again % 16) + spec.id().substring(1);
      return real.enqueue(
          queue, again == 1 ? spec : new EntrySpec(id, spec.kind(), spec.payload()));
    }
  }

  static final class Twice extends PassingSession {
    Twice(StoreSession real, Replica replica) {
      super(real, replica);
    }

    @Override
    public CompletionStage<Enqueued> enqueue(QueueName queue, EntrySpec spec) {
      CompletionStage<Enqueued> answer = real.enqueue(queue, spec);
      if (replica.random().nextInt(10) == 0) {
        String id = new StringBuilder(spec.id()).reverse().toString();
        real.enqueue(queue, new EntrySpec(id, spec.kind(), spec.payload()));
      }
      return answer;
    }
  }

  static final class UnknownNotDone extends PassingSession {
    UnknownNotDone(StoreSession real, Replica replica) {
      super(real, replica);
    }

    @Override
    public CompletionStage<Enqueued> enqueue(QueueName queue, EntrySpec spec) {
      return notDone(real.enqueue(queue, spec));
    }
  }

  static final class Immortal extends PassingSession {
    Immortal(StoreSession real, Replica replica) {
      super(real, replica);
    }

    @Override
    public CompletionStage<Void> close() {
      renew();
      return CompletableFuture.completedFuture(null);
    }

    private void renew() {
      real.heartbeat();
      replica.after(ttl().dividedBy(3), this::renew);
    }
  }

  static final class WallClock implements Seams {
    @Override
    public Ticker ticker(Ticker real, Replica replica) {
      Duration at = Duration.ofMillis(replica.random().nextInt(60_000));
      long back = Duration.ofMinutes(5).toNanos();
      return () -> real.read() - (replica.simulation().now().compareTo(at) > 0 ? back : 0);
    }
  }

  static final class HidesUnknown extends PassingBackend {
    HidesUnknown(Backend real, Replica replica) {
      super(real);
    }

    @Override
    public CompletionStage<WriteOutcome> write(List<Mutation> writes) {
      return notDone(super.write(writes));
    }
  }

  static final class SkipsViews extends PassingBackend {
    private final Replica replica;

    SkipsViews(Backend real, Replica replica) {
      super(real);
      this.replica = replica;
    }

    @Override
    public Subscription watch(
        QueueName queue, Detail detail, Consumer<QueueView> onView, Consumer<Throwable> onEnd) {
      return super.watch(
          queue,
          detail,
          view -> {
            if (replica.random().nextInt(3) > 0) {
              onView.accept(view);
            }
          },
          onEnd);
    }
  }
}

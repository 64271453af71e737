package io.tenure.testkit.sim;

import static io.tenure.spi.StoreException.Outcome.NOT_DONE;
import static io.tenure.spi.StoreException.Outcome.UNKNOWN;

import io.tenure.spi.Scheduler.Cancellable;
import io.tenure.spi.StoreException;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One process's way to the store and back, in the weather of its seat. */
final class Link {
  private static final int USUAL_NANOS = 1_500_000;
  private static final double LONGEST_NANOS = 30e9;

  private final Replica replica;
  private final Agenda agenda;
  private final SimulatedStore store;
  private final StoreProfile profile;
  private final Weather weather;
  private final SplittableRandom random;
  private final long lateApplyNanos;
  private long limitNanos = Long.MAX_VALUE;
  private long reserveNanos;
  private long lastArrivalNanos;
  private long lastAnswerNanos;
  private long slowUntilNanos;
  private int underway;

  Link(
      Replica replica,
      Agenda agenda,
      SimulatedStore store,
      StoreProfile profile,
      Weather weather,
      SplittableRandom random) {
    this.replica = replica;
    this.agenda = agenda;
    this.store = store;
    this.profile = profile;
    this.weather = weather;
    this.random = random;
    this.lateApplyNanos = profile.traits().lateApplyWindow().toNanos();
  }

  Replica replica() {
    return replica;
  }

  SimulatedStore store() {
    return store;
  }

  Weather weather() {
    return weather;
  }

  /** Until when something may be under way that was held up, or a watch broken unnoticed. */
  long slowUntilNanos() {
    return slowUntilNanos;
  }

  /** How many requests have not ended. */
  int underway() {
    return underway;
  }

  /** How long an entry may stand, or come, after nobody wants it any more. */
  long settlingNanos() {
    return Math.max(reserveNanos, lateApplyNanos);
  }

  /** Sets after which time an unanswered request fails as unknown. */
  void limit(long nanos) {
    limitNanos = nanos;
  }

  /** Sets how long a client leaves standing what it no longer relies on. */
  void reserve(long nanos) {
    reserveNanos = nanos;
  }

  /** Sends a request; the work is done in the step of its arrival at the store, if it arrives. */
  <T extends @Nullable Object> CompletableFuture<T> request(Supplier<T> work) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    if (replica.isDead()) {
      return answer;
    }
    Cancellable limit =
        agenda.after(
            limitNanos,
            replica,
            () ->
                answer.completeExceptionally(
                    new StoreTrouble(UNKNOWN, "the store did not answer")));
    underway++;
    answer.whenComplete(
        (value, error) -> {
          underway--;
          limit.cancel();
        });
    long leg = leg();
    boolean lost = isLost();
    if (!weather.requestsPass() || lost) {
      return answer;
    }
    if (!store.isUp()) {
      if (random.nextBoolean()) {
        agenda.after(
            leg,
            replica,
            () ->
                answer.completeExceptionally(
                    new StoreTrouble(NOT_DONE, "the connection was refused")));
      }
      return answer;
    }
    long arrival = agenda.nowNanos() + leg;
    if (profile.inOrder()) {
      arrival = Math.max(arrival, lastArrivalNanos);
      lastArrivalNanos = arrival;
    }
    BooleanSupplier applies = applies();
    agenda.after(
        arrival - agenda.nowNanos(),
        () -> {
          if (applies.getAsBoolean()) {
            arrive(work, answer, applies);
          }
        });
    return answer;
  }

  /**
   * Whether what is sent now is applied when it arrives, and so are its copies: the store is the
   * same, and its window is open. The client counts the window by its own clock, and one that runs
   * faster than the margins allow for would take a withdrawal for final too early.
   */
  private BooleanSupplier applies() {
    long epoch = store.epoch();
    long sentNanos = agenda.nowNanos();
    long sentReading = replica.clock().read();
    return () ->
        store.epoch() == epoch
            && (lateApplyNanos == 0
                || (agenda.nowNanos() - sentNanos <= lateApplyNanos
                    && replica.clock().read() - sentReading <= lateApplyNanos));
  }

  private <T extends @Nullable Object> void arrive(
      Supplier<T> work, CompletableFuture<T> answer, BooleanSupplier applies) {
    Runnable reply = apply(work, answer);
    long back = leg();
    boolean lost = isLost();
    boolean twice = random.nextBoolean() && weather.is(FaultKind.DUPLICATES);
    if (twice) {
      agenda.after(
          random.nextLong(back + 1),
          () -> {
            if (applies.getAsBoolean()) {
              apply(work, new CompletableFuture<>());
            }
          });
    }
    if (weather.takeLostAnswer() || lost || !weather.answersPass()) {
      return;
    }
    agenda.after(answerDelay(back + stall()), replica, reply);
  }

  /** Begins a stall if one is due; returns for how long the present answer is held up. */
  private long stall() {
    return weather
        .takeStall()
        .map(
            fault -> {
              World world = replica.simulation().world();
              long lastsNanos = world.untilCalmNanos(fault.lasts().toNanos());
              weather.begin(fault.as(FaultKind.REQUESTS_CUT));
              agenda.after(lastsNanos, () -> weather.end(FaultKind.REQUESTS_CUT));
              return (long) ((double) lastsNanos * fault.amount());
            })
        .orElse(0L);
  }

  private static <T extends @Nullable Object> Runnable apply(
      Supplier<T> work, CompletableFuture<T> answer) {
    try {
      T value = work.get();
      return () -> answer.complete(value);
    } catch (StoreException e) {
      return () -> answer.completeExceptionally(e);
    }
  }

  /** Sends an event to the process: it arrives, or its watch is disrupted sooner or later. */
  void event(Runnable arrives, Consumer<StoreException> fails) {
    long back = leg();
    boolean lost = isLost();
    if (lost || !weather.answersPass()) {
      long breaksAfterNanos = 500_000_000 + random.nextLong(5_000_000_000L);
      slowUntilNanos = Math.max(slowUntilNanos, agenda.nowNanos() + breaksAfterNanos);
      agenda.after(
          breaksAfterNanos,
          replica,
          () -> fails.accept(new StoreTrouble(UNKNOWN, "the connection of the watch broke")));
    } else {
      agenda.after(answerDelay(back), replica, arrives);
    }
  }

  private long answerDelay(long leg) {
    long arrival = agenda.nowNanos() + leg;
    if (profile.inOrder()) {
      arrival = Math.max(arrival, lastAnswerNanos);
      lastAnswerNanos = arrival;
    }
    return arrival - agenda.nowNanos();
  }

  private boolean isLost() {
    return random.nextDouble() < 0.4 && weather.is(FaultKind.LOSS);
  }

  /** How long one way takes: usually a moment, in slow weather up to half a minute. */
  private long leg() {
    long usual = 100_000 + random.nextLong(USUAL_NANOS);
    double chance = random.nextDouble();
    boolean slow = random.nextBoolean();
    if (!weather.is(FaultKind.SLOW) || !slow) {
      return usual;
    }
    long leg = usual + (long) (Math.pow(chance, 4) * LONGEST_NANOS * weather.worst());
    slowUntilNanos = Math.max(slowUntilNanos, agenda.nowNanos() + leg);
    return leg;
  }
}

package io.tenure.testkit.sim;

import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** One request of a process to something that is not the store. */
final class RemoteCall<T> {
  private static final int USUAL_NANOS = 2_000_000;
  private static final double LONGEST_NANOS = 30e9;

  private final Replica replica;
  private final Agenda agenda;
  private final Weather weather;
  private final SplittableRandom random;
  private final Supplier<T> service;
  private final CompletableFuture<T> answer = new CompletableFuture<>();

  RemoteCall(
      Replica replica,
      Agenda agenda,
      Weather weather,
      SplittableRandom random,
      Supplier<T> service) {
    this.replica = replica;
    this.agenda = agenda;
    this.weather = weather;
    this.random = random;
    this.service = service;
  }

  CompletableFuture<T> send() {
    if (replica.isDead()) {
      return answer;
    }
    if (!isLost()) {
      agenda.after(leg(), this::arrive);
    }
    if (random.nextBoolean() && weather.is(FaultKind.DUPLICATES)) {
      agenda.after(leg(), this::arrive);
    }
    return answer;
  }

  private void arrive() {
    Runnable reply;
    try {
      T value = service.get();
      reply = () -> answer.complete(value);
    } catch (RuntimeException e) {
      replica.simulation().sometimes(e.getClass().getSimpleName());
      reply = () -> answer.completeExceptionally(e);
    } catch (Error e) {
      // Such as a failed assertion: the service itself is wrong, whoever gets its answer.
      replica.failed("what " + replica.name() + " has called", e);
      return;
    }
    if (!isLost()) {
      agenda.after(leg(), replica, reply);
    }
  }

  private boolean isLost() {
    return random.nextDouble() < 0.3 && weather.is(FaultKind.LOSS);
  }

  private long leg() {
    long usual = 100_000 + random.nextLong(USUAL_NANOS);
    long tail = (long) (Math.pow(random.nextDouble(), 4) * LONGEST_NANOS);
    boolean slow = random.nextInt(3) == 0;
    return weather.is(FaultKind.SLOW) && slow ? usual + tail : usual;
  }
}

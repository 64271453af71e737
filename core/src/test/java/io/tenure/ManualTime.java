package io.tenure;

import io.tenure.spi.Scheduler;
import io.tenure.spi.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Time that goes by only when the test says so: a clock, and timers that run in their order. */
final class ManualTime implements Scheduler, Ticker {
  long nowNanos = Duration.ofHours(1).toNanos();
  private final PriorityQueue<Timer> timers = new PriorityQueue<>();
  private @Nullable LongConsumer awaited;
  private long numbers;
  private long ids;

  // No comparator made of lambdas: Lincheck looks into all that it can reach, and not into those.
  private record Timer(long dueNanos, long number, Runnable task) implements Comparable<Timer> {
    @Override
    public int compareTo(Timer other) {
      return dueNanos != other.dueNanos
          ? Long.compare(dueNanos, other.dueNanos)
          : Long.compare(number, other.number);
    }
  }

  @Override
  public long read() {
    return nowNanos;
  }

  @Override
  public Cancellable schedule(Runnable task, long delayNanos) {
    Timer timer = new Timer(nowNanos + delayNanos, numbers++, task);
    timers.add(timer);
    return () -> timers.remove(timer);
  }

  /** Lets time go by, and what becomes due run at its moment. */
  void pass(Duration time) {
    long untilNanos = nowNanos + time.toNanos();
    while (!timers.isEmpty() && timers.element().dueNanos() <= untilNanos) {
      Timer due = timers.remove();
      nowNanos = Math.max(nowNanos, due.dueNanos());
      due.task().run();
    }
    nowNanos = untilNanos;
  }

  /** Runs what is due within a time, though by the clock it is not over. */
  void wakeEarly(Duration time) {
    long untilNanos = nowNanos + time.toNanos();
    List<Timer> early = timers.stream().filter(timer -> timer.dueNanos() <= untilNanos).toList();
    timers.removeAll(early);
    early.forEach(timer -> timer.task().run());
  }

  /** Lets time go by while this process stands still: timers are late. */
  void pause(Duration time) {
    nowNanos += time.toNanos();
  }

  /** Lets bounded waits end at once, and tells their bounds. */
  void onAwait(LongConsumer told) {
    awaited = told;
  }

  @Override
  public boolean await(CompletableFuture<?> future, long boundNanos) throws InterruptedException {
    if (awaited == null) {
      return Scheduler.super.await(future, boundNanos);
    }
    awaited.accept(boundNanos);
    return future.isDone();
  }

  int timers() {
    return timers.size();
  }

  /** In the middle, so that a pause is cut by a quarter. */
  @Override
  public double random() {
    return 0.5;
  }

  @Override
  public String uniqueId() {
    return ScriptedStore.id(++ids);
  }

  @Override
  public void close() {
    timers.clear();
  }
}

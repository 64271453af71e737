package io.tenure.inmemory;

import io.tenure.spi.Scheduler;
import io.tenure.spi.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** A clock that stands until the test moves it, and runs what falls due on the test's thread. */
final class ManualTime implements Ticker, Scheduler {
  private final List<Task> tasks = new ArrayList<>();
  private long nowNanos = Long.MAX_VALUE - Duration.ofSeconds(5).toNanos(); // overflows early
  private long sequence;

  private record Task(Runnable body, long dueNanos, long sequence) {}

  @Override
  public long read() {
    return nowNanos;
  }

  @Override
  public Cancellable schedule(Runnable body, long delayNanos) {
    Task task = new Task(body, nowNanos + delayNanos, sequence++);
    tasks.add(task);
    return () -> tasks.remove(task);
  }

  /** Moves the clock, stopping wherever a task is due. */
  void advance(Duration step) {
    long end = nowNanos + step.toNanos();
    for (Optional<Task> next = nextDue(end); next.isPresent(); next = nextDue(end)) {
      tasks.remove(next.get());
      if (next.get().dueNanos() - nowNanos > 0) {
        nowNanos = next.get().dueNanos();
      }
      next.get().body().run();
    }
    nowNanos = end;
  }

  /** Moves the clock and runs nothing: a timer that is late. */
  void advanceWithoutTimers(Duration step) {
    nowNanos += step.toNanos();
  }

  int pendingTasks() {
    return tasks.size();
  }

  private Optional<Task> nextDue(long end) {
    return tasks.stream()
        .filter(task -> task.dueNanos() - end <= 0)
        .min(
            Comparator.<Task>comparingLong(task -> task.dueNanos() - end)
                .thenComparingLong(Task::sequence));
  }

  @Override
  public double random() {
    return 0;
  }

  @Override
  public void close() {
    tasks.clear();
  }
}

package io.tenure.testkit;

import io.tenure.spi.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's scheduler in real time whose timers a test can stop, and whose long delays it can cut
 * short.
 */
public final class TestScheduler implements Scheduler {
  private static final Logger log = LoggerFactory.getLogger(TestScheduler.class);

  private final ScheduledThreadPoolExecutor timer;
  private final List<Runnable> late = new ArrayList<>();
  private final long longestNanos;
  private boolean stalled;

  private TestScheduler(long longestNanos) {
    this.longestNanos = longestNanos;
    timer = new ScheduledThreadPoolExecutor(1, TestScheduler::thread);
    timer.setRemoveOnCancelPolicy(true);
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /**
   * Creates a scheduler that runs every task in its time.
   *
   * @return the scheduler
   */
  public static TestScheduler punctual() {
    return new TestScheduler(Long.MAX_VALUE);
  }

  /**
   * Creates a scheduler that waits for no task longer than a limit.
   *
   * @param longest the longest delay
   * @return the scheduler
   */
  public static TestScheduler hasty(Duration longest) {
    return new TestScheduler(longest.toNanos());
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "testkit-timer");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public Cancellable schedule(Runnable task, long delayNanos) {
    try {
      Future<?> future =
          timer.schedule(
              () -> fire(task), Math.min(delayNanos, longestNanos), TimeUnit.NANOSECONDS);
      return () -> future.cancel(false);
    } catch (RejectedExecutionException e) {
      log.debug("not scheduled, the client is closed", e);
      return () -> {};
    }
  }

  private void fire(Runnable task) {
    synchronized (late) {
      if (stalled) {
        late.add(task);
        return;
      }
    }
    run(task);
  }

  private static void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      log.error("a timed task failed", e);
    }
  }

  /** Keeps every task from running from now on, as a starved process would. */
  public void stall() {
    synchronized (late) {
      stalled = true;
    }
  }

  /** Lets tasks run again, the late ones first, in this thread. */
  public void resume() {
    List<Runnable> due;
    synchronized (late) {
      stalled = false;
      due = List.copyOf(late);
      late.clear();
    }
    due.forEach(TestScheduler::run);
  }

  @Override
  public double random() {
    return ThreadLocalRandom.current().nextDouble();
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}

package io.tenure;

import io.tenure.spi.Scheduler;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The scheduler outside of tests: one daemon thread per client. */
final class TimerScheduler implements Scheduler {
  private static final Logger log = LoggerFactory.getLogger(TimerScheduler.class);

  private final ScheduledThreadPoolExecutor timer;

  TimerScheduler(String candidate) {
    timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "tenure-" + candidate + "-timer");
              thread.setDaemon(true);
              return thread;
            });
    // A request's time-out is cancelled when its answer comes: keeping them all would be a leak.
    timer.setRemoveOnCancelPolicy(true);
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  @Override
  public Cancellable schedule(Runnable task, long delayNanos) {
    try {
      Future<?> future = timer.schedule(() -> run(task), delayNanos, TimeUnit.NANOSECONDS);
      return () -> future.cancel(false);
    } catch (RejectedExecutionException e) {
      log.debug("not scheduled, the client is closed", e);
      return () -> {};
    }
  }

  private static void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      log.error("a timed task failed; this is a defect of the library", e);
    }
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

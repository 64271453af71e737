package io.tenure.inmemory;

import io.tenure.spi.Scheduler;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The real store's timer: one daemon thread, begun with the first task and gone soon after the
 * last. An open session always has a task, so the thread lives as long as any session.
 */
final class StoreTimer implements Scheduler {
  static final String THREAD_NAME = "tenure-memory-store";

  private static final Logger log = LoggerFactory.getLogger(StoreTimer.class);
  private static final long IDLE_MILLIS = 200;

  private final ScheduledThreadPoolExecutor executor;

  StoreTimer() {
    executor = new ScheduledThreadPoolExecutor(1, StoreTimer::daemon);
    executor.setRemoveOnCancelPolicy(true);
    executor.setKeepAliveTime(IDLE_MILLIS, TimeUnit.MILLISECONDS);
    executor.allowCoreThreadTimeOut(true);
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, THREAD_NAME);
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public Cancellable schedule(Runnable task, long delayNanos) {
    ScheduledFuture<?> scheduled =
        executor.schedule(() -> run(task), delayNanos, TimeUnit.NANOSECONDS);
    return () -> scheduled.cancel(false);
  }

  private static void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      log.error("A task of the in-memory store failed", e);
    }
  }

  @Override
  public double random() {
    return ThreadLocalRandom.current().nextDouble();
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}

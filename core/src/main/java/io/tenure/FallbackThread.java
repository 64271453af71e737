package io.tenure;

import io.tenure.spi.Scheduler;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a callback runs that the users' executor did not take: one thread, started when it is
 * needed.
 *
 * <p>A machine may have no thread left to give, most likely just when something else goes wrong as
 * well. A callback waits then, and the thread is tried again. Thread-safe.
 */
final class FallbackThread implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(FallbackThread.class);
  private static final long AGAIN_SECONDS = 1;

  private final ThreadPoolExecutor pool;
  private final Scheduler scheduler;
  private final Queue<Runnable> stranded = new ConcurrentLinkedQueue<>();

  FallbackThread(ThreadFactory threads, long idleSeconds, Scheduler scheduler) {
    this.scheduler = scheduler;
    pool =
        new ThreadPoolExecutor(
            1, 1, idleSeconds, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
    pool.allowCoreThreadTimeOut(true);
  }

  /** Runs a call, in a thread that is not the caller's. */
  void execute(Runnable call) {
    try {
      pool.execute(call);
    } catch (RejectedExecutionException e) {
      log.debug("a callback came after the client was closed", e);
      late(call);
    } catch (OutOfMemoryError e) {
      log.error("no thread can be started for a callback; tried again in {} s", AGAIN_SECONDS, e);
      stranded.add(call);
      scheduler.schedule(this::again, TimeUnit.SECONDS.toNanos(AGAIN_SECONDS));
      if (pool.isShutdown()) {
        // The timer may be gone.
        rescue();
      }
    }
  }

  private void again() {
    Runnable call = stranded.poll();
    if (call != null) {
      execute(call);
    }
  }

  /** The client is closed, and somebody who asks it all the same must still get an answer. */
  private void late(Runnable call) {
    try {
      pool.getThreadFactory().newThread(call).start();
    } catch (OutOfMemoryError e) {
      log.error("a callback is lost: the client is closed, and no thread can be started", e);
    }
  }

  private void rescue() {
    for (Runnable call = stranded.poll(); call != null; call = stranded.poll()) {
      late(call);
    }
  }

  /** Lets what was given before run. */
  @Override
  public void close() {
    pool.shutdown();
    rescue();
  }
}

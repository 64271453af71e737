package io.tenure.spi;

import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Delays, blocking waits and chance: everything besides the {@link Ticker} that a test has to hold
 * in its hands to run the real code under a virtual clock.
 */
public interface Scheduler extends AutoCloseable {
  /**
   * Runs a task once, later. The task is short and does not block.
   *
   * @param task what to run; an exception it throws is logged, never swallowed
   * @param delayNanos how long to wait at least, in nanoseconds; zero or less means at once, on the
   *     scheduler's thread
   * @return a handle that cancels it
   */
  Cancellable schedule(Runnable task, long delayNanos);

  /**
   * Waits for a future in the calling thread. Every blocking method of the core ends here.
   *
   * @param future what to wait for
   * @param <T> its type
   * @return its value
   * @throws InterruptedException if the thread is interrupted before the future is done
   * @throws ExecutionException if the future failed
   */
  default <T> T await(CompletableFuture<T> future) throws InterruptedException, ExecutionException {
    return future.get();
  }

  /**
   * Waits in the calling thread until a future is done, for a time at most. Unlike a task, such a
   * wait ends in time even if the scheduler is closed: its thread is the user's.
   *
   * @param future what to wait for
   * @param boundNanos for how long, in nanoseconds; what is done already counts however short
   * @return true if the future is done, however it ended
   * @throws InterruptedException if the thread is interrupted before
   */
  default boolean await(CompletableFuture<?> future, long boundNanos) throws InterruptedException {
    try {
      return future.handle((value, error) -> true).get(boundNanos, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a future without failures failed", e);
    }
  }

  /**
   * Returns a number to spread retries with.
   *
   * @return at least 0, less than 1
   */
  double random();

  /**
   * Returns a name that nobody else ever uses.
   *
   * @return 32 lower-case hexadecimal digits
   */
  default String uniqueId() {
    return UUID.randomUUID().toString().replace("-", "");
  }

  /** Stops the scheduler's thread. Tasks that have not run yet never will. */
  @Override
  void close();

  /** A scheduled task that can be called off. */
  @FunctionalInterface
  interface Cancellable {
    /** Calls the task off if it has not begun. Idempotent. */
    void cancel();
  }
}

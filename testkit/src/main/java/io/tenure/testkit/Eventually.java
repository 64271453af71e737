package io.tenure.testkit;

import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;

/** Waiting for what must come, within a bound so generous that only a defect exceeds it. */
public final class Eventually {
  /** How long everything may take that is not bound to a time to live. */
  public static final Duration BOUND = Duration.ofSeconds(20);

  private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private Eventually() {}

  /**
   * Waits until an assertion holds, within {@link #BOUND}.
   *
   * @param assertion tried again and again
   * @throws AssertionError as the assertion's last try
   */
  public static void eventually(ThrowingCallable assertion) {
    eventually(BOUND, assertion);
  }

  /**
   * Waits until an assertion holds.
   *
   * @param bound how long to try
   * @param assertion tried again and again
   * @throws AssertionError as the assertion's last try
   */
  public static void eventually(Duration bound, ThrowingCallable assertion) {
    long start = System.nanoTime();
    while (true) {
      boolean last = System.nanoTime() - start >= bound.toNanos();
      try {
        call(assertion);
        return;
      } catch (AssertionError e) {
        if (last) {
          throw e;
        }
      }
      pause();
    }
  }

  /**
   * Asserts that something holds now and goes on to hold for a while. It cannot prove that nothing
   * happens later; it is for what a defect would do at once.
   *
   * @param span how long to look
   * @param assertion tried again and again
   * @throws AssertionError as soon as the assertion fails
   */
  public static void throughout(Duration span, ThrowingCallable assertion) {
    long start = System.nanoTime();
    while (System.nanoTime() - start < span.toNanos()) {
      call(assertion);
      pause();
    }
  }

  /**
   * Waits for an answer, within {@link #BOUND}.
   *
   * @param stage what will be answered
   * @param <T> its type
   * @return the answer
   * @throws AssertionError if none came
   * @throws RuntimeException the stage's failure, if it is one
   */
  public static <T extends @Nullable Object> T answer(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(BOUND.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new AssertionError("failed", e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError("no answer within " + BOUND, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for an answer", e);
    }
  }

  /**
   * Waits for a failure, within {@link #BOUND}.
   *
   * @param stage what will fail
   * @return what it failed with
   * @throws AssertionError if it succeeded, or nothing came
   */
  public static Throwable failure(CompletionStage<?> stage) {
    return answer(
        stage.handle(
            (value, error) -> {
              if (error == null) {
                throw new AssertionError("it should have failed, but was answered " + value);
              }
              return error instanceof CompletionException && error.getCause() != null
                  ? error.getCause()
                  : error;
            }));
  }

  private static void call(ThrowingCallable assertion) {
    try {
      assertion.call();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("the assertion threw", e);
    }
  }

  private static void pause() {
    if (Thread.interrupted()) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting");
    }
    LockSupport.parkNanos(STEP_NANOS);
  }
}

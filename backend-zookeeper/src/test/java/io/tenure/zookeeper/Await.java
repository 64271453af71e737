package io.tenure.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.spi.StoreException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what comes, with a bound that only a failure reaches. */
final class Await {
  private static final long BOUND_SECONDS = 20;

  private Await() {}

  static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(BOUND_SECONDS, TimeUnit.SECONDS);
  }

  /**
   * Asks again until somebody knows, as the core does: what is asked for while the client gives a
   * broken connection up is lost with it.
   */
  static <T> T definite(Supplier<CompletionStage<T>> request) throws Exception {
    long start = System.nanoTime();
    while (true) {
      try {
        return get(request.get());
      } catch (ExecutionException e) {
        boolean late = System.nanoTime() - start > TimeUnit.SECONDS.toNanos(BOUND_SECONDS);
        if (late
            || !(e.getCause() instanceof StoreException known)
            || known.outcome() != StoreException.Outcome.UNKNOWN) {
          throw e;
        }
      }
    }
  }

  /** The failure of a stage, which the contract says is a {@link StoreException}. */
  static StoreException failure(CompletionStage<?> stage) throws Exception {
    try {
      Object value = get(stage);
      throw new AssertionError("did not fail, but answered " + value);
    } catch (ExecutionException e) {
      assertThat(e.getCause()).isInstanceOf(StoreException.class);
      return (StoreException) e.getCause();
    }
  }

  static StoreException.Outcome outcome(CompletionStage<?> stage) throws Exception {
    return failure(stage).outcome();
  }

  static void until(String what, BooleanSupplier condition) throws TimeoutException {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(BOUND_SECONDS)) {
        throw new TimeoutException("never so: " + what);
      }
      LockSupport.parkNanos(1_000_000);
    }
  }
}

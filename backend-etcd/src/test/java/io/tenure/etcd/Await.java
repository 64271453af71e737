package io.tenure.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.spi.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what comes, with a bound that only a failure reaches. */
final class Await {
  private static final long BOUND_SECONDS = 30;

  private Await() {}

  static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(BOUND_SECONDS, TimeUnit.SECONDS);
  }

  /** What a request answers once one gets through; a server may not be reachable at once. */
  static <T> T answered(Supplier<CompletionStage<T>> request) throws Exception {
    List<T> answers = new ArrayList<>();
    until(
        "a request is answered",
        () -> {
          request
              .get()
              .thenAccept(answers::add)
              .handle((added, error) -> error)
              .toCompletableFuture()
              .join();
          return !answers.isEmpty();
        });
    return answers.get(0);
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

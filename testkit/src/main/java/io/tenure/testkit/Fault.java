package io.tenure.testkit;

import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What becomes of one call: whether it is made, and what its caller hears of it. */
interface Fault {
  /**
   * Makes the call or does not.
   *
   * @return what the caller hears
   */
  <T extends @Nullable Object> CompletionStage<T> apply(
      StoreCall call, Supplier<CompletionStage<T>> request);

  /** No fault: made, and answered as the store does. */
  record None() implements Fault {
    @Override
    public <T extends @Nullable Object> CompletionStage<T> apply(
        StoreCall call, Supplier<CompletionStage<T>> request) {
      return request.get();
    }
  }

  /** Made, and the answer is lost: the caller is told that nothing is known. */
  record AnswerLost() implements Fault {
    @Override
    public <T extends @Nullable Object> CompletionStage<T> apply(
        StoreCall call, Supplier<CompletionStage<T>> request) {
      CompletableFuture<T> answer = new CompletableFuture<>();
      request
          .get()
          .whenComplete(
              (value, error) ->
                  answer.completeExceptionally(
                      new StoreException(Outcome.UNKNOWN, "the answer to " + call + " was lost")));
      return answer;
    }
  }

  /** Made, and the caller hears nothing, ever. */
  record NeverAnswered() implements Fault {
    @Override
    public <T extends @Nullable Object> CompletionStage<T> apply(
        StoreCall call, Supplier<CompletionStage<T>> request) {
      CompletableFuture<T> never = new CompletableFuture<>();
      // Its value is asked for by nobody: the caller's stage stays open whatever comes.
      CompletionStage<T> answer = request.get();
      return answer.handle((value, error) -> never).thenCompose(open -> open);
    }
  }

  /** Not made, and the caller is told the outcome, be it the true one or not. */
  record Failing(Outcome outcome) implements Fault {
    @Override
    public <T extends @Nullable Object> CompletionStage<T> apply(
        StoreCall call, Supplier<CompletionStage<T>> request) {
      return CompletableFuture.failedFuture(
          new StoreException(outcome, call + " was made to fail: " + outcome));
    }
  }

  /** Made, and the answer arrives when the test says so. */
  record AnswerHeld(HeldAnswer held) implements Fault {
    @Override
    public <T extends @Nullable Object> CompletionStage<T> apply(
        StoreCall call, Supplier<CompletionStage<T>> request) {
      return held.hold(request.get());
    }
  }

  /** Made when the test says so, however much has happened meanwhile. */
  record CallHeld(HeldCall held) implements Fault {
    @Override
    public <T extends @Nullable Object> CompletionStage<T> apply(
        StoreCall call, Supplier<CompletionStage<T>> request) {
      return held.hold(request);
    }
  }
}

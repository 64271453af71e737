package io.tenure.testkit;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * An answer of the store that is on its way until the test lets it arrive. The call itself is made.
 */
public final class HeldAnswer {
  private final CompletableFuture<Void> asked = new CompletableFuture<>();
  private final CompletableFuture<Void> answered = new CompletableFuture<>();
  private final CompletableFuture<Void> delivered = new CompletableFuture<>();

  HeldAnswer() {}

  <T extends @Nullable Object> CompletionStage<T> hold(CompletionStage<T> answer) {
    asked.complete(null);
    answer.whenComplete((value, error) -> answered.complete(null));
    return delivered.thenCompose(go -> answer);
  }

  /** Waits until the client has made the call. */
  public void awaitCall() {
    Eventually.answer(asked);
  }

  /** Waits until the store has answered the call, which the client does not know yet. */
  public void awaitAnswer() {
    Eventually.answer(answered);
  }

  /** Lets the answer arrive, in this thread if the store has given it already. Idempotent. */
  public void deliver() {
    delivered.complete(null);
  }
}

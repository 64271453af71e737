package io.tenure.testkit;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A call of a client that is on its way to the store until the test lets it arrive. */
public final class HeldCall {
  private final CompletableFuture<Void> asked = new CompletableFuture<>();
  private final CompletableFuture<Void> delivered = new CompletableFuture<>();

  HeldCall() {}

  <T extends @Nullable Object> CompletionStage<T> hold(Supplier<CompletionStage<T>> request) {
    asked.complete(null);
    return delivered.thenCompose(go -> request.get());
  }

  /** Waits until the client has made the call. */
  public void awaitCall() {
    Eventually.answer(asked);
  }

  /** Lets the call arrive, in this thread if the client has made it already. Idempotent. */
  public void deliver() {
    delivered.complete(null);
  }
}

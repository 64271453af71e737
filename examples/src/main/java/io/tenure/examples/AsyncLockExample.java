package io.tenure.examples;

import io.tenure.CoordinationClient;
import io.tenure.Lease;
import java.util.concurrent.CompletableFuture;

/** A lock without a blocked thread. */
public final class AsyncLockExample {
  private AsyncLockExample() {}

  /** Bills one invoice under the lock. */
  public static void main(String... args) {
    try (CoordinationClient client = CoordinationClient.create(Stores.fromArguments(args))) {
      client
          .lock("invoices/7")
          .acquireAsync()
          .thenCompose(lease -> bill(lease).whenComplete((ok, error) -> lease.releaseAsync()))
          .join();
    }
  }

  private static CompletableFuture<Void> bill(Lease lease) {
    return CompletableFuture.runAsync(
        () ->
            System.out.println(
                "billing under '" + lease.name() + "', with token " + lease.token().value()));
  }
}

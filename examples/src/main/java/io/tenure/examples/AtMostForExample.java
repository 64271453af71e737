package io.tenure.examples;

import io.tenure.CoordinationClient;
import io.tenure.Lease;
import io.tenure.LossPolicy;
import java.time.Duration;

/** A hold for a limited time: a watchdog ends it when the work does not fit in. */
public final class AtMostForExample {
  private AtMostForExample() {}

  /** Does work that is too long for its lease, and is interrupted by the watchdog. */
  public static void main(String... args) throws InterruptedException {
    try (CoordinationClient client = CoordinationClient.create(Stores.fromArguments(args))) {
      try (Lease lease =
          client
              .lock("nightly")
              .atMostFor(Duration.ofMillis(200))
              .onLoss(LossPolicy.interruptScope())
              .acquire()) {
        work(lease);
      }
    }
  }

  private static void work(Lease lease) {
    System.out.println("working for longer than allowed");
    try {
      Thread.sleep(Duration.ofMinutes(10).toMillis());
    } catch (InterruptedException e) {
      System.out.println("interrupted: " + lease.lost().toCompletableFuture().join());
    }
  }
}

package io.tenure.examples;

import io.tenure.CoordinationClient;
import io.tenure.DistributedLock;
import io.tenure.Lease;
import java.time.Duration;
import java.util.Optional;

/** A lock that is waited for only so long: not to get it is a value and no exception. */
public final class TryLockExample {
  private TryLockExample() {}

  /** Tries a lock that is held, and once more when it is free. */
  public static void main(String... args) throws InterruptedException {
    try (CoordinationClient client = CoordinationClient.create(Stores.fromArguments(args))) {
      DistributedLock lock = client.lock("accounts/42");
      try (Lease holder = lock.acquire()) {
        Optional<Lease> maybe = lock.tryAcquire(Duration.ofMillis(200));
        System.out.println(maybe.isEmpty() ? "busy: " + holder.name() : "acquired");
      }
      try (Lease lease = lock.tryAcquire().orElseThrow()) {
        System.out.println("acquired at once, with token " + lease.token().value());
      }
    }
  }
}

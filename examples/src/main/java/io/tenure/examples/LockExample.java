package io.tenure.examples;

import io.tenure.CoordinationClient;
import io.tenure.Lease;

/** A lock: waits for its turn, works, and gives it back. */
public final class LockExample {
  private LockExample() {}

  /** Makes one transfer under the lock. */
  public static void main(String... args) throws InterruptedException {
    try (CoordinationClient client = CoordinationClient.create(Stores.fromArguments(args))) {
      try (Lease lease = client.lock("accounts/42").acquire()) {
        transfer(lease);
      }
    }
  }

  private static void transfer(Lease lease) {
    System.out.println(
        "transferring under '" + lease.name() + "', with token " + lease.token().value());
  }
}

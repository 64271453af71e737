package io.tenure.examples;

import io.tenure.Candidate;
import io.tenure.CoordinationClient;
import io.tenure.LeaderLatch;
import io.tenure.Subscription;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** Follows who leads, as anybody can: observing needs no candidacy and writes nothing. */
public final class ObserveExample {
  private static final CountDownLatch CHANGES = new CountDownLatch(2);

  private ObserveExample() {}

  /** Shows an election without a leader, and then with one. */
  public static void main(String... args) throws InterruptedException {
    try (CoordinationClient client =
            CoordinationClient.builder(Stores.fromArguments(args))
                .candidate("billing-3")
                .metadata(Map.of("address", "10.0.0.3:8080"))
                .build();
        Subscription observation =
            client.election("reports").observe(leader -> System.out.println(describe(leader)));
        LeaderLatch latch = client.leaderLatch("reports").start()) {
      latch.await();
      CHANGES.await();
    }
  }

  private static String describe(Optional<Candidate> leader) {
    CHANGES.countDown();
    return leader
        .map(l -> l.id() + " leads at " + l.metadata().get("address") + ", token " + l.token())
        .orElse("nobody leads");
  }
}

package io.tenure.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.CoordinationClient;
import io.tenure.Lease;
import io.tenure.spi.StoreException.Outcome;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ReconnectTest extends StoreTest {
  /** Longer than gRPC's first pauses, so that its next one would be a long one. */
  private static final Duration OUTAGE = Duration.ofSeconds(15);

  @Test
  void aServerThatComesBackAfterALongTimeIsReachedAtOnce() throws Exception {
    EtcdBackend backend = started(EtcdBackend.connect(server.url()), TTL, Duration.ofMillis(500));
    assertThat(Await.get(backend.get("k"))).isEmpty();
    server.stop();
    long start = System.nanoTime();
    while (System.nanoTime() - start < OUTAGE.toNanos()) {
      assertThat(Await.outcome(backend.get("k"))).isEqualTo(Outcome.NOT_DONE);
    }
    server.restart();
    long back = System.nanoTime();
    Await.until("the server is reached", () -> isReached(backend));
    assertThat(Duration.ofNanos(System.nanoTime() - back)).isLessThan(Duration.ofSeconds(6));
  }

  private static boolean isReached(EtcdBackend backend) {
    return backend.get("k").handle((cell, e) -> e == null).toCompletableFuture().join();
  }

  @Test
  void aLeaseIsHeldAgainSoonAfterTheStoreWasAway() throws Exception {
    try (CoordinationClient client =
        CoordinationClient.builder(EtcdBackend.connect(server.url())).leaseTtl(SHORTEST).build()) {
      Lease first = client.lock("x").acquire();
      server.stop();
      Await.until("the lease is lost", () -> first.lost().toCompletableFuture().isDone());
      server.restart();
      try (Lease second = client.lock("x").acquire()) {
        assertThat(second.token().isNewerThan(first.token())).isTrue();
      }
    }
  }
}

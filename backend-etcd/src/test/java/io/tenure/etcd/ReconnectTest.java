package io.tenure.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.CoordinationClient;
import io.tenure.Lease;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.StoreException.Outcome;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ReconnectTest extends StoreTest {
  /** Longer than the backend's patience with one client; see ConnectionTest for what follows. */
  private static final Duration OUTAGE = Duration.ofSeconds(6);

  @Test
  void aServerThatComesBackIsReached() throws Exception {
    StoreConnection backend =
        started(EtcdBackend.connect(server.url()), TTL, Duration.ofSeconds(1));
    assertThat(Await.answered(() -> backend.get("k"))).isEmpty();
    server.stop();
    long start = System.nanoTime();
    while (System.nanoTime() - start < OUTAGE.toNanos()) {
      assertThat(Await.outcome(backend.get("k"))).isEqualTo(Outcome.NOT_DONE);
    }
    server.restart();
    assertThat(Await.answered(() -> backend.get("k"))).isEmpty();
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

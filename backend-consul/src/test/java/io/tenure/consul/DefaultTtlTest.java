package io.tenure.consul;

import static io.tenure.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.CoordinationClient;
import io.tenure.Lease;
import io.tenure.LossReason;
import io.tenure.testkit.TcpProxy;
import io.tenure.testkit.server.Servers;
import io.tenure.testkit.server.StoreServer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers as they come: the shortest time to live is 10 s, and they keep a session for two. */
@Timeout(120)
class DefaultTtlTest extends ConsulTest {
  private static final Duration TTL = Duration.ofSeconds(10);

  private CoordinationClient client(String url) {
    return closeLater(
        CoordinationClient.builder(ConsulBackend.connect(url))
            .namespace(namespace)
            .leaseTtl(TTL)
            .build());
  }

  @Test
  void aHolderThatIsCutOffIsToldWithinOneTimeToLiveAndReplacedAfterTwo() throws Exception {
    StoreServer server = closeLater(Servers.consul().start());
    TcpProxy cable = closeLater(TcpProxy.to(server.host(), server.port()));
    CoordinationClient holder = client("http://" + cable.address());
    Lease lease = holder.lock("x").acquire();
    CompletableFuture<Long> told = new CompletableFuture<>();
    lease.lost().thenAccept(reason -> told.complete(System.nanoTime()));
    CompletableFuture<Long> replaced = new CompletableFuture<>();
    CompletableFuture<Lease> next = client(server.url()).lock("x").acquireAsync();
    next.thenAccept(successor -> replaced.complete(System.nanoTime()));
    cable.cut();
    long cutAt = System.nanoTime();

    eventually(Duration.ofSeconds(60), () -> assertThat(replaced).isCompleted());
    assertThat(lease.lost().toCompletableFuture()).isCompletedWithValue(LossReason.EXPIRED);
    assertThat(told.join()).isLessThan(replaced.join());
    // The last renewal was before the cut, by up to the pause between two.
    assertThat(Duration.ofNanos(replaced.join() - cutAt)).isGreaterThan(TTL);
    assertThat(next.join().token().isNewerThan(lease.token())).isTrue();
    cable.heal();
  }
}

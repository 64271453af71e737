package io.tenure.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.CoordinationClient;
import io.tenure.testkit.server.NeedsStore;
import io.tenure.testkit.server.Servers;
import io.tenure.testkit.server.StoreServer;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

@NeedsStore("etcd")
class HygieneTest {
  /** What jetcd, gRPC and Netty start. */
  private static final List<String> CLIENT = List.of("jetcd", "grpc", "vert.x", "netty", "tenure");

  private static Set<Thread> clientThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> CLIENT.stream().anyMatch(thread.getName()::startsWith))
        .collect(Collectors.toSet());
  }

  @Test
  void aClosedBackendLeavesNoThreadAndAnOpenOneOnlyDaemons() throws Exception {
    try (StoreServer server = Servers.etcd().unsafeNoFsync().start()) {
      Await.until("threads of other tests are gone", () -> clientThreads().isEmpty());
      try (CoordinationClient client =
          CoordinationClient.create(EtcdBackend.connect(server.url()))) {
        client.lock("x").acquire();
        client.election("e").observe(leader -> {});
        assertThat(clientThreads()).isNotEmpty().allMatch(Thread::isDaemon);
      }
      // gRPC keeps what its connections share for a second after the last one.
      Await.until("the threads are gone", () -> clientThreads().isEmpty());
      try (Etcd etcd = Etcd.at(server)) {
        assertThat(etcd.leases()).isEmpty();
        assertThat(etcd.keys("tenure/")).isEmpty();
        assertThat(etcd.metric("etcd_debugging_mvcc_watcher_total")).isZero();
      }
    }
  }
}

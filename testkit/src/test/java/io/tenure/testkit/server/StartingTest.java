package io.tenure.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(300)
class StartingTest {
  @ParameterizedTest
  @EnumSource
  void aClusterWhosePortWasTakenStartsWithOthers(Store store) throws Exception {
    StoreType type = Setups.own(store).type();
    AtomicInteger given = new AtomicInteger();
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Starting starting =
          new Starting(
              type,
              Options.DEFAULTS,
              1,
              roles -> {
                Map<Port, Integer> ports = Ports.free(roles);
                if (given.getAndIncrement() == 0) {
                  ports.put(Port.CLIENT, other.getLocalPort());
                }
                return ports;
              });
      try (StoreCluster cluster = starting.own()) {
        assertThat(given).hasValue(2);
        assertThat(cluster.leader().port()).isNotEqualTo(other.getLocalPort());
      }
    }
  }

  @NeedsStore("consul")
  @Test
  void aServerElsewhereIsUsedAndNothingElse() throws Exception {
    Client client = Client.of(Store.CONSUL);
    Starting starting = new Starting(new ConsulType(), Options.DEFAULTS, 1, Ports::free);
    try (StoreServer own = Servers.consul().own().start();
        StoreCluster given = starting.elsewhere("http://" + own.address() + "/")) {
      StoreServer node = given.leader();
      assertThat(node.address()).isEqualTo(own.address());
      assertThat(node.description()).endsWith("(from TENURE_CONSUL)");
      client.write(node, "key", "value");

      for (ThrowingCallable interference :
          new ThrowingCallable[] {
            node::stop, node::kill, node::pause, node::resume, node::start, node::restart
          }) {
        assertThatThrownBy(interference)
            .isInstanceOf(UnsupportedOperationException.class)
            .hasMessageContaining("TENURE_CONSUL says that it runs elsewhere");
      }
      given.close();
      assertThat(client.read(own, "key")).isEqualTo("value");
    }
  }

  @Test
  void aClusterElsewhereMustBeLargeEnough() {
    Starting starting = new Starting(new EtcdType(), Options.DEFAULTS, 3, Ports::free);

    assertThatThrownBy(() -> starting.elsewhere("a.example:2379,b.example:2379"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("TENURE_ETCD names 2 nodes, but 3 are needed");
  }

  @Test
  void aServerElsewhereIsAsItIs() {
    Options options =
        new Options(
            List.of(),
            List.of(),
            Optional.empty(),
            Optional.of("token"),
            Duration.ofSeconds(2),
            true,
            false);
    Starting starting = new Starting(new ConsulType(), options, 1, Ports::free);

    assertThatThrownBy(() -> starting.elsewhere("a.example:8500"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("TENURE_CONSUL names servers that are as they are");
  }

  @Test
  void whatAStoreDoesNotHaveIsRefused() {
    assertThatThrownBy(() -> Servers.etcd().configuration("name: n1").start())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("give what you need as arguments");
    assertThatThrownBy(() -> Servers.consul().unsafeNoFsync().start())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Consul has no switch");
    assertThatThrownBy(() -> Servers.zookeeper().acl("token").start())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ZooKeeper has no management token");
    assertThatThrownBy(() -> Servers.etcd().acl("token").start())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("etcd has no management token");
    assertThatThrownBy(() -> Servers.zookeeper().tick(Duration.ofNanos(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least a millisecond");
    assertThatThrownBy(() -> Servers.consul().severable().start())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Consul's members know each other by one address");
    assertThatThrownBy(() -> Servers.etcd().startCluster(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least one node");
  }
}

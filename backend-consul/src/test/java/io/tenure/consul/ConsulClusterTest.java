package io.tenure.consul;

import io.tenure.spi.Backend;
import io.tenure.testkit.ClusterContract;
import io.tenure.testkit.ClusterFixture;
import io.tenure.testkit.server.NeedsStore;
import io.tenure.testkit.server.Servers;
import io.tenure.testkit.server.StoreCluster;
import io.tenure.testkit.server.StoreServer;
import java.time.Duration;
import java.util.List;

/**
 * The Consul backend keeps the cluster's contract on three real servers. A client connects to one
 * of them, as it would to the agent of its machine.
 */
@NeedsStore("consul")
class ConsulClusterTest extends ClusterContract {
  private static final Duration SHORTEST_TTL = Duration.ofSeconds(1);

  @Override
  protected ClusterFixture newFixture() {
    return new Fixture(Servers.consul().configuration(Operator.SETTINGS).startCluster(3));
  }

  private record Fixture(StoreCluster cluster) implements ClusterFixture {
    @Override
    public Backend newBackend(List<StoreServer> members) {
      return ConsulBackend.builder(members.get(0).url()).sessionTtlMin(SHORTEST_TTL).build();
    }
  }
}

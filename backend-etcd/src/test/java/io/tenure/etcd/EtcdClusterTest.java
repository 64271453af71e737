package io.tenure.etcd;

import io.tenure.spi.Backend;
import io.tenure.testkit.ClusterContract;
import io.tenure.testkit.ClusterFixture;
import io.tenure.testkit.server.NeedsStore;
import io.tenure.testkit.server.Servers;
import io.tenure.testkit.server.StoreCluster;
import io.tenure.testkit.server.StoreServer;
import java.util.List;

/** The etcd backend keeps the cluster's contract on three real members. */
@NeedsStore("etcd")
class EtcdClusterTest extends ClusterContract {
  @Override
  protected ClusterFixture newFixture() {
    return new Fixture(Servers.etcd().unsafeNoFsync().startCluster(3));
  }

  private record Fixture(StoreCluster cluster) implements ClusterFixture {
    @Override
    public Backend newBackend(List<StoreServer> members) {
      return EtcdBackend.connect(members.stream().map(StoreServer::url).toArray(String[]::new));
    }
  }
}

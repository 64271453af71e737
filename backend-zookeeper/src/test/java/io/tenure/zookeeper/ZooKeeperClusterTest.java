package io.tenure.zookeeper;

import io.tenure.spi.Backend;
import io.tenure.testkit.ClusterContract;
import io.tenure.testkit.ClusterFixture;
import io.tenure.testkit.server.NeedsStore;
import io.tenure.testkit.server.Servers;
import io.tenure.testkit.server.StoreCluster;
import io.tenure.testkit.server.StoreServer;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The ZooKeeper backend keeps the cluster's contract on an ensemble of three real servers. */
@NeedsStore("zookeeper")
class ZooKeeperClusterTest extends ClusterContract {
  private static final Duration TICK = Duration.ofMillis(400);

  /** A follower that is cut off answers its clients for 8 s, longer than a session of 5 s lives. */
  private static final String SETTINGS = "syncLimit=20\nmaxSessionTimeout=60000";

  private Fixture fixture;

  @Override
  protected ClusterFixture newFixture() {
    fixture =
        new Fixture(
            Servers.zookeeper()
                .unsafeNoFsync()
                .tick(TICK)
                .configuration(SETTINGS)
                .severable()
                .startCluster(3));
    return fixture;
  }

  @Test
  void theClientOfAFollowerThatIsCutOffStopsBelievingBeforeAnyoneElseAcquires() {
    StoreServer victim = fixture.cluster().followers().get(0);
    assertStopsBelieving(victim, StoreServer::isolate, StoreServer::mend);
  }

  private record Fixture(StoreCluster cluster) implements ClusterFixture {
    @Override
    public Backend newBackend(List<StoreServer> members) {
      String addresses =
          members.stream().map(StoreServer::address).collect(Collectors.joining(","));
      return ZooKeeperBackend.builder(addresses).tickTime(TICK).build();
    }
  }
}

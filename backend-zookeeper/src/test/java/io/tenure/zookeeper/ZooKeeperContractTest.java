package io.tenure.zookeeper;

import io.tenure.testkit.BackendContract;
import io.tenure.testkit.BackendFixture;
import io.tenure.testkit.server.NeedsStore;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The ZooKeeper backend keeps the contract of every backend, on a real server. */
@NeedsStore("zookeeper")
class ZooKeeperContractTest extends BackendContract {
  @TempDir static Path directory;

  @Override
  protected BackendFixture newFixture() {
    return new ZooKeeperFixture(directory);
  }
}

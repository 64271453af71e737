package io.tenure.zookeeper;

import io.tenure.testkit.BackendFixture;
import io.tenure.testkit.FencingScenarioContract;
import io.tenure.testkit.LateLeader;
import io.tenure.testkit.server.ChildProgram;
import io.tenure.testkit.server.NeedsStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

/** Late, paused and repeated requests of former leaders, with leases of ZooKeeper. */
@NeedsStore("zookeeper")
class ZooKeeperFencingTest extends FencingScenarioContract {
  @TempDir static Path directory;

  private Optional<ZooKeeperFixture> store = Optional.empty();

  @Override
  protected BackendFixture newFixture() {
    store = Optional.of(new ZooKeeperFixture(directory));
    return store.get();
  }

  @Override
  protected Optional<ChildProgram> startLeader(List<String> arguments) {
    List<String> all = new ArrayList<>(List.of(store.orElseThrow().address()));
    all.addAll(arguments);
    return Optional.of(ChildProgram.start(Leader.class, all));
  }

  /** A leader in a process of its own. */
  static final class Leader {
    public static void main(String... args) throws IOException, InterruptedException {
      List<String> all = List.of(args);
      LateLeader.main(ZooKeeperFixture.backendAt(all.get(0)), all.subList(1, all.size()));
    }
  }
}

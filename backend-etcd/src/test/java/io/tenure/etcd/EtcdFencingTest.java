package io.tenure.etcd;

import io.tenure.testkit.BackendFixture;
import io.tenure.testkit.FencingScenarioContract;
import io.tenure.testkit.LateLeader;
import io.tenure.testkit.server.ChildProgram;
import io.tenure.testkit.server.NeedsStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Late, paused and repeated requests of former leaders, with leases of etcd. */
@NeedsStore("etcd")
class EtcdFencingTest extends FencingScenarioContract {
  private Optional<EtcdFixture> store = Optional.empty();

  @Override
  protected BackendFixture newFixture() {
    store = Optional.of(new EtcdFixture());
    return store.get();
  }

  @Override
  protected Optional<ChildProgram> startLeader(List<String> arguments) {
    List<String> all = new ArrayList<>(List.of(store.orElseThrow().url()));
    all.addAll(arguments);
    return Optional.of(ChildProgram.start(Leader.class, all));
  }

  /** A leader in a process of its own. */
  static final class Leader {
    public static void main(String... args) throws IOException, InterruptedException {
      List<String> all = List.of(args);
      LateLeader.main(EtcdBackend.connect(all.get(0)), all.subList(1, all.size()));
    }
  }
}

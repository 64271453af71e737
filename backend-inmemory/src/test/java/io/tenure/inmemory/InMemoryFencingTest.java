package io.tenure.inmemory;

import io.tenure.testkit.BackendFixture;
import io.tenure.testkit.FencingScenarioContract;
import io.tenure.testkit.HeldCall;
import io.tenure.testkit.Member;
import io.tenure.testkit.StoreCall;
import io.tenure.testkit.server.ChildProgram;
import io.tenure.testkit.server.NeedsStore;
import java.util.List;
import java.util.Optional;

/** Late, paused and repeated requests of former leaders, with leases of the store in memory. */
@NeedsStore("memory")
class InMemoryFencingTest extends FencingScenarioContract {
  @Override
  protected BackendFixture newFixture() {
    return new InMemoryFixture();
  }

  /** No other process reaches this store. */
  @Override
  protected Optional<ChildProgram> startLeader(List<String> arguments) {
    return Optional.empty();
  }

  /** There is no cable, and the link of this fixture drops what is sent while it is cut. */
  @Override
  protected Runnable delay(Member client) {
    HeldCall held = client.faults().next(StoreCall.WRITE).holdCall();
    return held::deliver;
  }
}

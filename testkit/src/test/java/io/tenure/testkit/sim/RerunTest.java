package io.tenure.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A failed schedule of the build or of a long run is seen again by the command that it names. */
class RerunTest {
  private static final long SEED = 7;

  @Test
  void theTextOfAScheduleNamesIt() {
    for (List<Integer> faults : List.of(List.of(-1), List.of(3), List.of(0, 4, 11))) {
      Rerun rerun = new Rerun(Program.LATCH, StoreProfile.CONSUL, SEED, faults);
      assertThat(Rerun.of(rerun.toString())).isEqualTo(rerun);
      assertThat(rerun.command()).endsWith("-Dtenure.sim.again=" + rerun);
    }
  }

  @Test
  void anotherTextIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Rerun.of("LATCH/CONSUL/x/1"))
        .withMessageContaining("LATCH/CONSUL/x/1");
    assertThatIllegalArgumentException().isThrownBy(() -> Rerun.of("LATCH/PAPER/1/1"));
  }

  @Test
  void onlyTheNamedFaultsHappenAgain() {
    List<PlannedFault> all = faults(StoreProfile.ETCD);
    assertThat(all).hasSizeGreaterThan(2);

    assertThat(new Rerun(Program.LOCK, StoreProfile.ETCD, SEED, List.of(0, 2)).run().faults())
        .containsExactly(all.get(0), all.get(2));
    assertThat(new Rerun(Program.LOCK, StoreProfile.ETCD, SEED, List.of(-1)).run().faults())
        .isEmpty();
  }

  private static List<PlannedFault> faults(StoreProfile profile) {
    return Program.setup(profile, SEED).run(SEED, Program.LOCK.begin()).faults();
  }

  @Test
  void aFailureOfASweepNamesTheCommand() {
    SimulationFailure failure =
        assertThrows(
            SimulationFailure.class,
            () ->
                Program.setup(StoreProfile.ETCD, SEED)
                    .run(
                        SEED,
                        sim ->
                            sim.replicas(
                                1, replica -> sim.require("a check that fails", false, "always"))));
    SimulationFailure named = Sweep.named(Program.LOCK, StoreProfile.ETCD, SEED, failure);
    assertThat(named)
        .hasMessageContaining(
            "again: mvn -q -Psimulation -pl testkit -am package -Dtenure.sim.again=LOCK/ETCD/7/-1")
        .hasMessageContaining("a check that fails");
  }
}

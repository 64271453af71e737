package io.tenure.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(value = 15, unit = TimeUnit.MINUTES)
class DefectTest {
  private static final int SEEDS = 600;
  private static final int ENOUGH = 3;

  @ParameterizedTest
  @EnumSource
  void isCaughtFromSeveralSeedsByTheCheckThatIsMeantForIt(Defect defect) {
    Setup setup = Simulation.on(defect.profile).allowing(defect.faults()).seams(defect.seams);
    List<Long> caught = new ArrayList<>();
    for (long seed = 1; seed <= SEEDS && caught.size() < ENOUGH; seed++) {
      Optional<World.Violation> found = setup.violation(seed, defect.program.get());
      if (found.isPresent()) {
        assertThat(found.get().check())
            .as("seed %d: %s", seed, found.get().message())
            .isIn(defect.caughtBy);
        caught.add(seed);
      }
    }
    System.out.println(defect + " is caught with the seeds " + caught);
    assertThat(caught).as("seeds that catch %s", defect).hasSize(ENOUGH);
  }
}

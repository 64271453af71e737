package io.tenure.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(value = 15, unit = TimeUnit.MINUTES)
class DefectTest {
  @ParameterizedTest
  @EnumSource
  void isCaughtFromSeveralSeedsByTheCheckThatIsMeantForIt(Defect defect) {
    Setup setup = Simulation.on(defect.profile).allowing(defect.faults()).seams(defect.seams);
    Map<Long, World.Violation> caught = Hunt.hunt(setup, defect.program);
    System.out.println(defect + " is caught with the seeds " + caught.keySet());

    assertThat(caught).as("seeds that catch %s", defect).hasSize(Hunt.ENOUGH);
    assertThat(caught.values())
        .allSatisfy(violation -> assertThat(violation.check()).isIn(defect.caughtBy));
  }

  @ParameterizedTest
  @EnumSource
  void isOnThePageAboutDefects(Defect defect) throws IOException {
    assertThat(Files.readAllLines(Path.of("..", "docs", "defects.md")))
        .filteredOn(line -> line.startsWith("| `" + defect + "` |"))
        .singleElement()
        .satisfies(row -> assertThat(row).contains(defect.caughtBy));
  }
}

package io.tenure.defects;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.defects.CoreDefect.Schedules;
import io.tenure.testkit.sim.Hunt;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Schedules with a defect in the core fail, and the same ones pass without it. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class CoreDefectTest {
  static Stream<CoreDefect> defectsThatSchedulesShow() {
    return CoreDefect.all().stream().filter(defect -> defect.schedules().isPresent());
  }

  @ParameterizedTest
  @MethodSource("defectsThatSchedulesShow")
  void isCaughtFromSeveralSeedsByTheCheckThatIsMeantForIt(CoreDefect defect)
      throws ReflectiveOperationException {
    Schedules where = defect.schedules().orElseThrow();
    Map<Long, String> caught = hunt(new Twin(Compiled.changed(List.of(defect.change()))), where);
    System.out.println(defect + " is caught with the seeds " + caught);

    assertThat(caught).as("seeds that catch %s", defect).hasSize(Hunt.ENOUGH);
    assertThat(caught.values()).isSubsetOf(where.checks());
    assertThat(Hunt.violations(where.program(), where.profile(), where.faults(), caught.keySet()))
        .as("the same schedules of the core as it is")
        .isEmpty();
  }

  @SuppressWarnings("unchecked")
  private static Map<Long, String> hunt(Twin twin, Schedules where)
      throws ReflectiveOperationException {
    Method hunt =
        twin.loadClass(Hunt.class.getName())
            .getMethod("hunt", String.class, String.class, Set.class);
    return (Map<Long, String>) hunt.invoke(null, where.program(), where.profile(), where.faults());
  }
}

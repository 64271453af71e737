package io.tenure.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LateApplyTest {
  private static final int REQUESTS = 2_000;

  @Test
  void aStoreAppliesNoRequestAndNoCopyOfOneAfterItsWindow() {
    Duration window = StoreProfile.CONSUL.traits().lateApplyWindow();

    List<Duration> applied = appliedAt(StoreProfile.CONSUL);

    assertThat(applied)
        .hasSizeGreaterThan(REQUESTS)
        .allMatch(at -> at.compareTo(window) <= 0)
        .anyMatch(at -> at.compareTo(window.multipliedBy(9).dividedBy(10)) > 0);
  }

  /** When the requests of one moment are applied, in the worst weather that delays and repeats. */
  private static List<Duration> appliedAt(StoreProfile profile) {
    List<Duration> applied = new ArrayList<>();
    Weather weather = new Weather();
    weather.begin(fault(FaultKind.SLOW));
    weather.begin(fault(FaultKind.DUPLICATES));
    Simulation.on(profile)
        .onlyFaults(-1)
        .run(
            1,
            sim ->
                sim.replicas(
                    1,
                    replica -> {
                      World world = sim.world();
                      Link link =
                          new Link(
                              replica,
                              world.agenda(),
                              world.store(),
                              profile,
                              weather,
                              new SplittableRandom(1));
                      link.limit(Duration.ofSeconds(1).toNanos());
                      for (int i = 0; i < REQUESTS; i++) {
                        link.request(() -> applied.add(sim.now()));
                      }
                    }));
    return applied;
  }

  private static PlannedFault fault(FaultKind kind) {
    return new PlannedFault(kind, Duration.ZERO, Duration.ofMinutes(1), 0, 1.0);
  }
}

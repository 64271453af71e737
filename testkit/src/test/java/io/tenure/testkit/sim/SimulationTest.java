package io.tenure.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The recipes, under every fault, on every kind of store.
 *
 * <p>More or fewer schedules, 4,000 at least: {@code -Dtenure.sim.total=1000000}; other ones:
 * {@code -Dtenure.sim.first=1000000}.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class SimulationTest {
  private static final long SCHEDULES = Long.getLong("tenure.sim.total", 250_000);
  private static final long FIRST = Long.getLong("tenure.sim.first", 1);
  private static final int REPLAYED = 25;

  private static CoreLog log;

  @BeforeAll
  static void listen() {
    log = CoreLog.begin();
  }

  @AfterAll
  static void noInternalTaskHasFailed() {
    assertThat(log.end()).doesNotContain(CoreLog.DEFECT);
  }

  static Stream<Arguments> everyProgramOnEveryStore() {
    return Stream.of(Program.values())
        .flatMap(
            program ->
                Stream.of(StoreProfile.values()).map(profile -> Arguments.of(program, profile)));
  }

  @ParameterizedTest
  @MethodSource("everyProgramOnEveryStore")
  void everyPromiseHoldsInEverySchedule(Program program, StoreProfile profile) throws Exception {
    long beganNanos = System.nanoTime();
    Totals totals = Sweep.run(program, profile, FIRST, program.share(SCHEDULES));
    System.out.printf(
        "%s on %s: %d schedules, %.0f per second and thread, trace %016x, %s%n",
        program,
        profile,
        totals.schedules,
        totals.schedules * 1e9 / (System.nanoTime() - beganNanos) / Sweep.threads(),
        totals.hash,
        totals.counts);
    totals.failures.forEach(
        failure -> {
          throw failure;
        });
    assertThat(totals.counts)
        .containsKeys(
            "grants after waiting",
            "tenures longer than the TTL",
            "expiries while held",
            "expiries while waiting",
            "lost: EXPIRED",
            "lost: REVOKED")
        .containsKeys(program.sometimes().toArray(String[]::new))
        .containsKeys(
            Stream.of(FaultKind.values()).map(kind -> "fault " + kind).toArray(String[]::new));
  }

  @ParameterizedTest
  @MethodSource("everyProgramOnEveryStore")
  void theSameSeedGivesTheSameSchedule(Program program, StoreProfile profile) {
    for (long seed = FIRST; seed < FIRST + REPLAYED; seed++) {
      SimulationResult once = Program.setup(profile, seed).run(seed, program.begin());
      SimulationResult again = Program.setup(profile, seed).run(seed, program.begin());

      assertThat(again).isEqualTo(once);
    }
  }
}

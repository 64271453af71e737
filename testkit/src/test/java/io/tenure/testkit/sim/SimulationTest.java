package io.tenure.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.LongStream;
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
 * <p>More schedules: {@code -Dtenure.sim.schedules=100000}; other ones: {@code
 * -Dtenure.sim.seed=1000000}.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class SimulationTest {
  private static final int SCHEDULES = Integer.getInteger("tenure.sim.schedules", 400);
  private static final long FIRST = Long.getLong("tenure.sim.seed", 1);
  private static final int REPLAYED = 25;

  /** What the core's lane and dispatcher log: tasks of theirs never fail. */
  private static final ByteArrayOutputStream LOGGED = new ByteArrayOutputStream();

  private static PrintStream err;

  @BeforeAll
  static void listen() {
    err = System.err;
    System.setErr(new PrintStream(LOGGED, true, StandardCharsets.UTF_8));
  }

  @AfterAll
  static void noInternalTaskHasFailed() {
    System.setErr(err);
    // But for those in whose middle a process crashed: their thread is ended there.
    assertThat(
            LOGGED
                .toString(StandardCharsets.UTF_8)
                .replaceAll("defect of the library\\R\\S+SimulatedThread\\$Ended", ""))
        .doesNotContain("defect of the library");
  }

  /** Every recipe joins here, with a program that uses it and checks what only it promises. */
  private enum Program {
    LOCK(LockProgram::new, "guarded writes", "refusals at the guard", "lost: AT_MOST_ELAPSED"),
    LATCH(LatchProgram::new, "turns released", "turns lost", "observers up to date"),
    TASK(TaskProgram::new, "tasks interrupted", "tasks that throw", "tasks that saw the end"),
    BLOCKING(BlockingProgram::new, "threads interrupted", "outages told"),
    CELLS(CellProgram::new, "cells swapped", "cells not swapped", "swaps unknown");

    private final Supplier<Consumer<Simulation>> program;
    private final List<String> sometimes;

    Program(Supplier<Consumer<Simulation>> program, String... sometimes) {
      this.program = program;
      this.sometimes = List.of(sometimes);
    }

    SimulationResult run(StoreProfile profile, long seed) {
      return Simulation.on(profile).run(seed, program.get());
    }
  }

  static Stream<Arguments> everyProgramOnEveryStore() {
    return Stream.of(Program.values())
        .flatMap(
            program ->
                Stream.of(StoreProfile.values()).map(profile -> Arguments.of(program, profile)));
  }

  @ParameterizedTest
  @MethodSource("everyProgramOnEveryStore")
  void everyPromiseHoldsInEverySchedule(Program program, StoreProfile profile) {
    Map<String, Long> counts = new TreeMap<>();
    long beganNanos = System.nanoTime();
    LongStream.range(FIRST, FIRST + SCHEDULES)
        .mapToObj(seed -> program.run(profile, seed))
        .flatMap(result -> result.counts().entrySet().stream())
        .forEach(count -> counts.merge(count.getKey(), count.getValue(), Long::sum));
    System.out.printf(
        "%s on %s: %d schedules, %.0f per second, %s%n",
        program, profile, SCHEDULES, SCHEDULES * 1e9 / (System.nanoTime() - beganNanos), counts);
    assertThat(counts)
        .containsKeys(
            "grants after waiting",
            "tenures longer than the TTL",
            "expiries while held",
            "expiries while waiting",
            "lost: EXPIRED",
            "lost: REVOKED")
        .containsKeys(program.sometimes.toArray(String[]::new))
        .containsKeys(
            Stream.of(FaultKind.values()).map(kind -> "fault " + kind).toArray(String[]::new));
  }

  @ParameterizedTest
  @MethodSource("everyProgramOnEveryStore")
  void theSameSeedGivesTheSameSchedule(Program program, StoreProfile profile) {
    for (long seed = FIRST; seed < FIRST + REPLAYED; seed++) {
      SimulationResult once = program.run(profile, seed);
      SimulationResult again = program.run(profile, seed);

      assertThat(again).isEqualTo(once);
    }
  }
}

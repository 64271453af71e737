package io.tenure.testkit.sim;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A search for schedules in which a check fails. What is public speaks in terms of the Java library
 * alone, so that it can be called in another copy of these classes.
 */
public final class Hunt {
  /** How many seeds must catch a defect. */
  public static final int ENOUGH = 3;

  private static final int SEEDS = 600;

  private enum Program {
    LOCK(LockProgram::new),
    LATCH(LatchProgram::new),
    TASK(TaskProgram::new),
    BLOCKING(BlockingProgram::new),
    CELLS(CellProgram::new);

    private final Supplier<Consumer<Simulation>> program;

    Program(Supplier<Consumer<Simulation>> program) {
      this.program = program;
    }
  }

  private Hunt() {}

  /** Runs seed after seed until enough of them have failed. */
  static Map<Long, World.Violation> hunt(Setup setup, Supplier<Consumer<Simulation>> program) {
    Map<Long, World.Violation> found = new LinkedHashMap<>();
    for (long seed = 1; seed <= SEEDS && found.size() < ENOUGH; seed++) {
      Optional<World.Violation> violation = run(setup, seed, program.get());
      if (violation.isPresent()) {
        found.put(seed, violation.get());
      }
    }
    return found;
  }

  private static Optional<World.Violation> run(
      Setup setup, long seed, Consumer<Simulation> program) {
    Optional<World.Violation> violation = setup.violation(seed, program);
    // A client that was closing when its schedule ended has taken that for an interrupt.
    Thread.interrupted();
    return violation;
  }

  /**
   * Runs seed after seed until enough of them have failed.
   *
   * @param program one of the programs above
   * @param profile a {@link StoreProfile}
   * @param faults {@link FaultKind}s; none stands for all within the assumptions
   * @return the seeds that failed, and the checks
   */
  public static Map<Long, String> hunt(String program, String profile, Set<String> faults) {
    Map<Long, String> checks = new LinkedHashMap<>();
    hunt(setup(profile, faults), Program.valueOf(program).program)
        .forEach((seed, violation) -> checks.put(seed, violation.check()));
    return checks;
  }

  /** Runs the given seeds: what each that fails says. */
  public static List<String> violations(
      String program, String profile, Set<String> faults, Collection<Long> seeds) {
    Setup setup = setup(profile, faults);
    return seeds.stream()
        .flatMap(seed -> run(setup, seed, Program.valueOf(program).program.get()).stream())
        .map(World.Violation::toString)
        .toList();
  }

  private static Setup setup(String profile, Set<String> faults) {
    return Simulation.on(StoreProfile.valueOf(profile))
        .allowing(
            faults.isEmpty()
                ? FaultKind.withinAssumptions()
                : faults.stream().map(FaultKind::valueOf).collect(Collectors.toSet()));
  }
}

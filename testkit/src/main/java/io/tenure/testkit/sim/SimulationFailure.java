package io.tenure.testkit.sim;

import java.util.List;
import java.util.stream.Collectors;

/** A check failed; the message says in which schedule, and what it takes to see it again. */
public final class SimulationFailure extends AssertionError {
  private static final long serialVersionUID = 1L;
  private static final int SHOWN_LINES = 60;

  private final String check;
  private final long seed;
  private final List<Integer> faults;

  SimulationFailure(long seed, StoreProfile profile, List<Integer> faults, World world) {
    super(message(seed, profile, faults, world));
    this.check = world.violation().orElseThrow().check();
    this.seed = seed;
    this.faults = List.copyOf(faults);
  }

  private static String message(
      long seed, StoreProfile profile, List<Integer> faults, World world) {
    World.Violation violation = world.violation().orElseThrow();
    List<String> lines = world.lines();
    String indexes = faults.stream().map(String::valueOf).collect(Collectors.joining(", "));
    return String.format(
        "%s: %s%n  after %s, seed %d on %s%n  again: Simulation.on(StoreProfile.%s)"
            + ".onlyFaults(%s).run(%dL, scenario)%n  with %s%n%s",
        violation.check(),
        violation.message(),
        violation.at(),
        seed,
        profile,
        profile,
        indexes,
        seed,
        world.faults(),
        String.join(
            System.lineSeparator(),
            lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size())));
  }

  /**
   * Returns the check that failed.
   *
   * @return its name
   */
  public String check() {
    return check;
  }

  /**
   * Returns the seed of the schedule.
   *
   * @return as it was given to {@link Setup#run}
   */
  public long seed() {
    return seed;
  }

  /**
   * Returns the least faults that it takes.
   *
   * @return for {@link Setup#onlyFaults}
   */
  public List<Integer> faults() {
    return faults;
  }
}

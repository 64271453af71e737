package io.tenure.testkit.sim;

import java.util.List;
import java.util.regex.Matcher;
import java.util.stream.Collectors;

/** A check failed; the message says in which schedule, and what it takes to see it again. */
public final class SimulationFailure extends AssertionError {
  private static final long serialVersionUID = 1L;
  private static final int SHOWN_LINES = 60;
  private static final String AGAIN = "  again: ";
  private static final String OR = System.lineSeparator() + "     or: ";

  private final String check;
  private final long seed;
  private final List<Integer> faults;

  SimulationFailure(long seed, StoreProfile profile, List<Integer> faults, World world) {
    super(message(seed, profile, faults, world), world.thrown().orElse(null));
    this.check = world.violation().orElseThrow().check();
    this.seed = seed;
    this.faults = List.copyOf(faults);
  }

  private SimulationFailure(SimulationFailure same, String message) {
    super(message, same.getCause());
    this.check = same.check;
    this.seed = same.seed;
    this.faults = same.faults;
    setStackTrace(same.getStackTrace());
  }

  /** The same failure; its message tells one more way, and first, to see it again. */
  SimulationFailure seenAgainBy(String way) {
    String message = String.valueOf(getMessage());
    return new SimulationFailure(
        this, message.replaceFirst(AGAIN, Matcher.quoteReplacement(AGAIN + way + OR)));
  }

  private static String message(
      long seed, StoreProfile profile, List<Integer> faults, World world) {
    World.Violation violation = world.violation().orElseThrow();
    List<String> lines = world.lines();
    return String.format(
        "%s: %s%n  after %s, seed %d on %s%n%s%s"
            + ".onlyFaults(%s).run(%dL, scenario)%n  with %s%n%s",
        violation.check(),
        violation.message(),
        violation.at(),
        seed,
        profile,
        AGAIN,
        world.setup().code(),
        indexes(faults),
        seed,
        world.faults(),
        String.join(
            System.lineSeparator(),
            lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size())));
  }

  private static String indexes(List<Integer> faults) {
    return faults.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }

  /** The least faults, as one writes them. */
  String indexes() {
    return indexes(faults);
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

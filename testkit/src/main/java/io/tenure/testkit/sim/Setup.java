package io.tenure.testkit.sim;

import static java.util.stream.Collectors.joining;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * What all schedules of a simulation have in common. Immutable. Obtained from {@link
 * Simulation#on}.
 */
public final class Setup {
  private static final int MOST_TRIES = 200;
  private static final Duration USUAL_TIME = Duration.ofSeconds(60);

  private final StoreProfile profile;
  private final Set<FaultKind> allowed;
  private final Duration lasting;
  private final int seats;
  private final List<Integer> kept;
  private final Seams seams;
  private final boolean recorded;

  private Setup(
      StoreProfile profile,
      Set<FaultKind> allowed,
      Duration lasting,
      int seats,
      List<Integer> kept,
      Seams seams,
      boolean recorded) {
    this.profile = profile;
    this.allowed = EnumSet.copyOf(allowed);
    this.lasting = lasting;
    this.seats = seats;
    this.kept = List.copyOf(kept);
    this.seams = seams;
    this.recorded = recorded;
  }

  static Setup of(StoreProfile profile) {
    return new Setup(
        profile, EnumSet.allOf(FaultKind.class), USUAL_TIME, 3, List.of(), Seams.NONE, false);
  }

  /**
   * Allows these kinds of faults only; every kind by default.
   *
   * @param kinds at least one
   * @return the changed setup
   * @throws IllegalArgumentException if there is none
   */
  public Setup allowing(Set<FaultKind> kinds) {
    if (kinds.isEmpty()) {
      throw new IllegalArgumentException(
          "at least one kind of fault is allowed, but this is none; onlyFaults(-1) lets none happen");
    }
    return new Setup(profile, kinds, lasting, seats, kept, seams, recorded);
  }

  /**
   * Sets for how long faults happen; calm weather of some tens of seconds follows.
   *
   * @param time simulated time, 60 s by default
   * @return the changed setup
   * @throws IllegalArgumentException if it is zero or less
   */
  public Setup lasting(Duration time) {
    if (time.isNegative() || time.isZero()) {
      throw new IllegalArgumentException(
          "faults happen for more than no time, but this is " + time);
    }
    return new Setup(profile, allowed, time, seats, kept, seams, recorded);
  }

  /**
   * Lets only some of the faults happen that a seed draws, as the message of a failure lists them.
   *
   * @param indexes counted from 0; -1 stands for none at all
   * @return the changed setup
   */
  public Setup onlyFaults(int... indexes) {
    return keeping(IntStream.of(indexes).boxed().toList());
  }

  private Setup keeping(List<Integer> indexes) {
    return new Setup(profile, allowed, lasting, seats, indexes, seams, recorded);
  }

  Setup seams(Seams defect) {
    return new Setup(profile, allowed, lasting, seats, kept, defect, recorded);
  }

  Setup recording() {
    return new Setup(profile, allowed, lasting, seats, kept, seams, true);
  }

  /** What makes this setup, but for the faults that are left out: for a message. */
  String code() {
    StringBuilder code = new StringBuilder("Simulation.on(StoreProfile." + profile + ")");
    if (allowed.size() < FaultKind.values().length) {
      code.append(".allowing(Set.of(")
          .append(allowed.stream().map(kind -> "FaultKind." + kind).collect(joining(", ")))
          .append("))");
    }
    if (!lasting.equals(USUAL_TIME)) {
      code.append(".lasting(Duration.parse(\"").append(lasting).append("\"))");
    }
    return code.toString();
  }

  StoreProfile profile() {
    return profile;
  }

  Set<FaultKind> allowed() {
    return allowed;
  }

  Duration lasting() {
    return lasting;
  }

  int seats() {
    return seats;
  }

  Seams seams() {
    return seams;
  }

  boolean recorded() {
    return recorded;
  }

  /**
   * Runs one schedule.
   *
   * @param seed decides on everything that chance decides
   * @param scenario puts the replicas in their places
   * @return what happened
   * @throws SimulationFailure if a check failed, with the least faults that it takes
   */
  public SimulationResult run(long seed, Consumer<Simulation> scenario) {
    World world = new World(this, seed, kept);
    SimulationResult result = world.run(scenario);
    if (world.violation().isPresent()) {
      throw shrunk(seed, scenario, world);
    }
    return result;
  }

  /** Runs one schedule and tells which check failed, without looking for the least faults. */
  Optional<World.Violation> violation(long seed, Consumer<Simulation> scenario) {
    World world = new World(this, seed, kept);
    world.run(scenario);
    return world.violation();
  }

  /** Leaves out one fault after the other, for as long as the same check fails. */
  private SimulationFailure shrunk(long seed, Consumer<Simulation> scenario, World first) {
    String check = first.violation().orElseThrow().check();
    List<Integer> left =
        kept.isEmpty()
            ? new ArrayList<>(IntStream.range(0, first.faults().size()).boxed().toList())
            : new ArrayList<>(kept);
    int tries = 0;
    for (boolean found = true; found && tries < MOST_TRIES; ) {
      found = false;
      for (int i = left.size() - 1; i >= 0 && tries < MOST_TRIES; i--, tries++) {
        List<Integer> fewer = new ArrayList<>(left);
        fewer.subList(i, i + 1).clear();
        if (fails(seed, scenario, check, fewer.isEmpty() ? List.of(-1) : fewer)) {
          left = fewer;
          found = true;
        }
      }
    }
    List<Integer> least = left.isEmpty() ? List.of(-1) : left;
    World last = new World(keeping(least).recording(), seed, least);
    last.run(scenario);
    return new SimulationFailure(seed, profile, least, last.violation().isPresent() ? last : first);
  }

  private boolean fails(
      long seed, Consumer<Simulation> scenario, String check, List<Integer> faults) {
    return keeping(faults)
        .violation(seed, scenario)
        .filter(found -> found.check().equals(check))
        .isPresent();
  }
}

package io.tenure.testkit.sim;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Many schedules of one scenario, one seed after the other. Immutable.
 *
 * <pre>{@code
 * Schedules.of(500).on(StoreProfile.ETCD).run(sim -> …);
 * }</pre>
 *
 * <p>In a JUnit test, {@link SimulatedTest} does the same.
 */
public final class Schedules {
  private final int count;
  private final long firstSeed;
  private final List<StoreProfile> profiles;
  private final UnaryOperator<Setup> settings;

  private Schedules(
      int count, long firstSeed, List<StoreProfile> profiles, UnaryOperator<Setup> settings) {
    this.count = count;
    this.firstSeed = firstSeed;
    this.profiles = profiles;
    this.settings = settings;
  }

  /**
   * Begins with seed 1, every store in turn, every kind of fault.
   *
   * @param count how many schedules
   * @return these schedules
   * @throws IllegalArgumentException if the count is less than 1
   */
  public static Schedules of(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("at least one schedule is run, but this is " + count);
    }
    return new Schedules(count, 1, List.of(StoreProfile.values()), setup -> setup);
  }

  /**
   * Begins with another seed.
   *
   * @param seed the first one; the others follow it
   * @return the changed schedules
   */
  public Schedules from(long seed) {
    return new Schedules(count, seed, profiles, settings);
  }

  /**
   * Narrows the stores. Which one a seed takes depends on the seed and on this list.
   *
   * @param stores at least one, none of them twice
   * @return the changed schedules
   * @throws IllegalArgumentException if there is none, or one twice
   */
  public Schedules on(StoreProfile... stores) {
    List<StoreProfile> narrowed = List.of(stores);
    if (narrowed.isEmpty() || narrowed.stream().distinct().count() < narrowed.size()) {
      throw new IllegalArgumentException(
          "the stores are one or more, none of them twice, but these are " + narrowed);
    }
    return new Schedules(count, firstSeed, narrowed, settings);
  }

  /**
   * Changes what all schedules have in common.
   *
   * @param change for example {@code setup -> setup.lasting(Duration.ofSeconds(20))}
   * @return the changed schedules
   */
  public Schedules with(UnaryOperator<Setup> change) {
    return new Schedules(count, firstSeed, profiles, setup -> change.apply(settings.apply(setup)));
  }

  /**
   * Runs the schedules, and the first one once more, which must go as it went before.
   *
   * @param scenario puts the replicas in their places; called once for each schedule
   * @return how often something happened in all of them, by its name, sorted
   * @throws SimulationFailure at the first schedule in which a check fails
   * @throws AssertionError if one seed gave two different schedules
   */
  public Map<String, Long> run(Consumer<Simulation> scenario) {
    SimulationResult first = run(firstSeed, scenario);
    Map<String, Long> counts = new TreeMap<>(first.counts());
    for (long seed = firstSeed + 1; seed < firstSeed + count; seed++) {
      run(seed, scenario).counts().forEach((what, times) -> counts.merge(what, times, Long::sum));
    }
    if (!run(firstSeed, scenario).equals(first)) {
      throw new AssertionError(
          "seed "
              + firstSeed
              + " gave two different schedules: the scenario depends on something that the"
              + " simulation does not decide, such as a field that outlives a schedule, the time of"
              + " day, chance of its own, or a thread that the simulation did not start");
    }
    return counts;
  }

  private SimulationResult run(long seed, Consumer<Simulation> scenario) {
    StoreProfile profile = profiles.get(Math.floorMod(seed, profiles.size()));
    return settings.apply(Simulation.on(profile)).run(seed, scenario);
  }
}

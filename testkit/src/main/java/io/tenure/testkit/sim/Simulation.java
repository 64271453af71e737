package io.tenure.testkit.sim;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * One schedule of a deterministic simulation, as a scenario sees it.
 *
 * <pre>{@code
 * Simulation.run(42, sim -> sim.replicas(3, replica ->
 *     replica.client().lock("accounts").acquireAsync().thenAccept(lease ->
 *         replica.after(Duration.ofSeconds(3), lease::releaseAsync))));
 * }</pre>
 *
 * <p>The seed draws the store, the settings, the delays, and the faults: partitions, losses,
 * pauses, crashes, clocks that go wrong. After each step the simulation itself checks that at most
 * one lease of a name is held where the assumptions allow to promise it, that tokens grow, that
 * callers are served in the order of their arrival, that ends are final and told once, in order and
 * in time, and that a task has stopped before its lease is released; and at the end that everyone
 * was served in calm weather, that closing returns, and that nothing is left in the store. What the
 * user's own data must look like is the scenario's to check, with {@link #require}.
 *
 * <p>It is not thread-safe and needs not be: one step runs at a time.
 */
public final class Simulation {
  private final World world;

  Simulation(World world) {
    this.world = world;
  }

  /**
   * Runs one schedule on the store that the seed draws.
   *
   * @param seed decides on everything that chance decides
   * @param scenario puts the replicas in their places
   * @return what happened
   * @throws SimulationFailure if a check failed, with the least faults that it takes
   */
  public static SimulationResult run(long seed, Consumer<Simulation> scenario) {
    StoreProfile[] all = StoreProfile.values();
    return on(all[Math.floorMod(seed, all.length)]).run(seed, scenario);
  }

  /**
   * Begins a simulation on one store.
   *
   * @param profile the store
   * @return its setup
   */
  public static Setup on(StoreProfile profile) {
    return Setup.of(profile);
  }

  /**
   * Puts processes in their places. Whoever crashes or stops is replaced by another one that runs
   * the same program.
   *
   * @param count how many there are at the same time
   * @param program begins what a process does; it does not block
   */
  public void replicas(int count, Consumer<Replica> program) {
    world.occupy(count, program);
  }

  /**
   * Fails the simulation unless a condition holds.
   *
   * @param check its name, the same in every schedule
   * @param holds whether it holds
   * @param message what was seen instead
   */
  public void require(String check, boolean holds, String message) {
    world.require(check, holds, message);
  }

  /**
   * Counts something that should happen in some of the schedules, so that a test can see that it
   * did.
   *
   * @param what its name
   */
  public void sometimes(String what) {
    world.count(what);
  }

  /**
   * Puts a line into the record that a failure shows.
   *
   * @param line what happened
   */
  public void note(String line) {
    world.note(line);
  }

  /**
   * Runs a check when all clients are closed.
   *
   * @param check calls {@link #require}
   */
  public void atEnd(Runnable check) {
    world.atEnd(check);
  }

  /**
   * Runs a check in calm weather, right before the clients are closed.
   *
   * @param check calls {@link #require}
   */
  public void whenCalm(Runnable check) {
    world.whenCalm(check);
  }

  /**
   * Sets within which time the work of a {@link io.tenure.SingletonTask} returns after it was
   * interrupted, in a process that is not paused meanwhile: 20 s by default. The interrupt comes
   * when the lease is lost, or when a turn begins to end in good order, so that it is longer than
   * the latch's drain time.
   *
   * @param bound simulated time
   */
  public void workStopsWithin(Duration bound) {
    world.workStopsWithin(bound);
  }

  World world() {
    return world;
  }

  /**
   * Returns how long the schedule has lasted.
   *
   * @return simulated time
   */
  public Duration now() {
    return Duration.ofNanos(world.agenda().nowNanos());
  }

  /**
   * Returns the chance that belongs to no process in particular.
   *
   * @return seeded
   */
  public SplittableRandom random() {
    return world.userRandom();
  }
}

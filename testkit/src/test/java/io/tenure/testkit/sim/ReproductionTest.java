package io.tenure.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 15, unit = TimeUnit.MINUTES)
class ReproductionTest {
  /** A user's program that reads before it has sealed. */
  private static final Consumer<Simulation> WRONG =
      sim -> new LockProgram(Ledger.Guard.NONE).accept(sim);

  private static SimulationFailure firstFailure(Setup setup) {
    return LongStream.range(1, 500)
        .mapToObj(
            seed -> catchThrowableOfType(SimulationFailure.class, () -> setup.run(seed, WRONG)))
        .filter(failure -> failure != null)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theExampleOfTheDocumentationRuns() {
    SimulationResult result =
        Simulation.run(
            42,
            sim ->
                sim.replicas(
                    3,
                    replica ->
                        replica
                            .client()
                            .lock("accounts")
                            .acquireAsync()
                            .thenAccept(
                                lease ->
                                    replica.after(Duration.ofSeconds(3), lease::releaseAsync))));

    assertThat(result.counts()).containsKey("grants");
  }

  @Test
  void aFailureNamesTheSeedTheStoreAndTheLeastFaults() {
    SimulationFailure failure = firstFailure(Simulation.on(StoreProfile.MEMORY));

    assertThat(failure.check()).isIn("no stale write is admitted", "no update is lost");
    assertThat(failure)
        .hasMessageContaining("Simulation.on(StoreProfile.MEMORY).onlyFaults(" + indexes(failure))
        .hasMessageContaining(".run(" + failure.seed() + "L, scenario)");
  }

  private static String indexes(SimulationFailure failure) {
    return failure.faults().toString().replace("[", "").replace("]", "") + ")";
  }

  @Test
  void theLeastFaultsOfAFailureReproduceIt() {
    SimulationFailure failure = firstFailure(Simulation.on(StoreProfile.ETCD));
    int[] faults = failure.faults().stream().mapToInt(Integer::intValue).toArray();

    Setup again = Simulation.on(StoreProfile.ETCD).onlyFaults(faults);

    assertThat(again.violation(failure.seed(), WRONG))
        .hasValueSatisfying(found -> assertThat(found.check()).isEqualTo(failure.check()));
    for (int i = 0; i < faults.length && faults.length > 1; i++) {
      Setup fewer = Simulation.on(StoreProfile.ETCD).onlyFaults(without(faults, i));
      assertThat(fewer.violation(failure.seed(), WRONG).map(World.Violation::check))
          .as("without fault %d", faults[i])
          .isNotEqualTo(Optional.of(failure.check()));
    }
  }

  private static int[] without(int[] faults, int index) {
    return LongStream.range(0, faults.length)
        .filter(i -> i != index)
        .mapToInt(i -> faults[(int) i])
        .toArray();
  }

  @Test
  void onlyTheAllowedFaultsHappen() {
    Set<FaultKind> allowed = EnumSet.of(FaultKind.PARTITION, FaultKind.CLOCK_STOPPED);

    Set<FaultKind> seen = EnumSet.noneOf(FaultKind.class);
    for (long seed = 1; seed <= 40; seed++) {
      Simulation.on(StoreProfile.ZOOKEEPER)
          .allowing(allowed)
          .lasting(Duration.ofSeconds(20))
          .run(seed, new LockProgram())
          .faults()
          .forEach(fault -> seen.add(fault.kind()));
    }

    assertThat(seen).isEqualTo(allowed);
  }

  @Test
  void locksAndElectionsOfAnyNameAreWatchedAndToldApart() {
    String name = "accounts/42 ü%.~";

    SimulationResult result =
        Simulation.on(StoreProfile.ETCD)
            .onlyFaults(-1)
            .run(
                1,
                sim ->
                    sim.replicas(
                        2,
                        replica -> {
                          replica.client().leaderLatch(name).start();
                          replica
                              .client()
                              .lock(name)
                              .acquireAsync()
                              .thenAccept(
                                  lease ->
                                      replica.after(Duration.ofSeconds(40), lease::releaseAsync));
                        }));

    // The lock twice, and the election once at least: the other candidate may be closed before.
    assertThat(result.counts().get("grants")).isGreaterThanOrEqualTo(3);
  }

  @Test
  void anExceptionInAUsersCodeFailsTheSimulation() {
    SimulationFailure failure =
        catchThrowableOfType(
            SimulationFailure.class,
            () ->
                Simulation.on(StoreProfile.MEMORY)
                    .onlyFaults(-1)
                    .run(
                        1,
                        sim ->
                            sim.replicas(
                                1,
                                replica ->
                                    replica.start(
                                        () -> {
                                          replica.sleep(Duration.ofSeconds(1));
                                          throw new IllegalStateException("for this test");
                                        }))));

    assertThat(failure.check()).isEqualTo("no exception");
    assertThat(failure).hasMessageContaining("for this test");
  }
}

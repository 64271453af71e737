package io.tenure.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tenure.Lease;
import io.tenure.SingletonTask;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a simulation asks of a user's own code, and offers to it. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class UserCodeTest {
  private static final Setup CALM = Simulation.on(StoreProfile.ETCD).onlyFaults(-1);
  private static final Duration SECOND = Duration.ofSeconds(1);

  @FunctionalInterface
  private interface Body {
    void run(Replica replica) throws Exception;
  }

  private static Consumer<Simulation> inAThread(Body body) {
    return sim ->
        sim.replicas(
            1,
            replica ->
                replica.start(
                    () -> {
                      body.run(replica);
                      sim.sometimes("returned");
                      return true;
                    }));
  }

  private static Consumer<Simulation> inATaskWhenInterrupted(Body body) {
    return sim ->
        sim.replicas(
            1,
            replica ->
                SingletonTask.start(
                    replica.client().leaderLatch("a"),
                    lease -> {
                      try {
                        replica.sleep(Duration.ofHours(1));
                      } catch (InterruptedException e) {
                        body.run(replica);
                      }
                    }));
  }

  /** Waits, whatever interrupts it. */
  private static void sleepAllOf(Replica replica, Duration time) {
    Duration until = replica.simulation().now().plus(time);
    for (Duration now = until.minus(time);
        now.compareTo(until) < 0;
        now = replica.simulation().now()) {
      try {
        replica.sleep(until.minus(now));
      } catch (InterruptedException e) {
        replica.simulation().note("interrupted");
      }
    }
  }

  private static void assertFails(String check, Consumer<Simulation> scenario) {
    assertThat(CALM.violation(1, scenario).map(World.Violation::check)).hasValue(check);
  }

  private static void assertPasses(Consumer<Simulation> scenario) {
    assertThat(CALM.run(1, scenario).counts()).isNotEmpty();
  }

  @Test
  void aTaskReturnsSoonAfterItsInterrupt() {
    assertPasses(inATaskWhenInterrupted(replica -> sleepAllOf(replica, Duration.ofSeconds(15))));
    assertFails(
        "work stops with its lease",
        inATaskWhenInterrupted(replica -> sleepAllOf(replica, Duration.ofSeconds(25))));
  }

  @Test
  void theScenarioSaysHowSoonATaskReturns() {
    Consumer<Simulation> fifteen =
        inATaskWhenInterrupted(replica -> sleepAllOf(replica, Duration.ofSeconds(15)));

    assertPasses(
        sim -> {
          sim.workStopsWithin(Duration.ofSeconds(16));
          fifteen.accept(sim);
        });
    assertFails(
        "work stops with its lease",
        sim -> {
          sim.workStopsWithin(Duration.ofSeconds(14));
          fifteen.accept(sim);
        });
  }

  @Test
  void theTimeOfAPauseIsNoTimeInWhichATaskCouldReturn() {
    assertPasses(
        inATaskWhenInterrupted(
            replica -> {
              replica.pause(Duration.ofSeconds(30).toNanos());
              sleepAllOf(replica, Duration.ofSeconds(35));
            }));
  }

  @Test
  void noThreadOutlivesItsClientForLong() {
    assertFails("no code is left running", inAThread(replica -> replica.sleep(Duration.ofDays(1))));
  }

  @Test
  void aThreadMayEndByTheCloseOfItsClient() {
    assertPasses(
        inAThread(
            replica -> {
              while (true) {
                try (Lease lease = replica.client().lock("a").acquire()) {
                  replica.sleep(SECOND);
                }
              }
            }));
  }

  @Test
  void aThreadWaitsForAnAnswerInSimulatedTime() {
    Consumer<Simulation> scenario =
        inAThread(
            replica -> {
              assertThat(replica.await(replica.call(() -> 42), SECOND)).isEqualTo(42);
              assertThatExceptionOfType(ExecutionException.class)
                  .isThrownBy(() -> replica.await(replica.call(this::refused), SECOND))
                  .withCauseInstanceOf(IllegalStateException.class);
              Duration before = replica.simulation().now();
              assertThatExceptionOfType(TimeoutException.class)
                  .isThrownBy(() -> replica.await(new CompletableFuture<>(), SECOND));
              assertThat(replica.simulation().now()).isEqualTo(before.plus(SECOND));
              Thread.currentThread().interrupt();
              assertThatExceptionOfType(InterruptedException.class)
                  .isThrownBy(() -> replica.await(new CompletableFuture<>(), SECOND));
            });

    assertThat(CALM.run(1, scenario).counts())
        .containsEntry("returned", 1L)
        .containsEntry("IllegalStateException", 1L);
  }

  private int refused() {
    throw new IllegalStateException("for this test");
  }

  @Test
  void anAssertionThatFailsInAServiceIsTheCauseOfTheFailure() {
    AssertionError error = new AssertionError("for this test");
    Consumer<Simulation> scenario =
        inAThread(
            replica ->
                replica.call(
                    () -> {
                      throw error;
                    }));

    assertThatExceptionOfType(SimulationFailure.class)
        .isThrownBy(() -> CALM.run(1, scenario))
        .withMessageStartingWith("no exception: what r0.0 has called threw ")
        .withCause(error);
  }

  @Test
  void aSetupThatCannotBeIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CALM.allowing(Set.of()))
        .withMessageStartingWith("at least one kind of fault is allowed, but this is none");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CALM.lasting(Duration.ofSeconds(-1)))
        .withMessage("faults happen for more than no time, but this is PT-1S");
  }
}

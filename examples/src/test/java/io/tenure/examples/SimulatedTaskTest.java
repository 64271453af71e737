package io.tenure.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tenure.FencingToken;
import io.tenure.SingletonTask;
import io.tenure.SingletonTask.OnFailure;
import io.tenure.fencing.InMemoryFencingGuard;
import io.tenure.testkit.sim.Replica;
import io.tenure.testkit.sim.Schedules;
import io.tenure.testkit.sim.SimulatedTest;
import io.tenure.testkit.sim.Simulation;
import io.tenure.testkit.sim.SimulationFailure;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Tasks of a user's own under simulated faults: one that keeps to the rules and two that do not.
 * {@code docs/testing-your-code.md} shows these lines; {@link ReadmeTest} compares the two.
 */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
final class SimulatedTaskTest {
  @SimulatedTest(schedules = 400, sometimes = "StaleTokenException")
  void noReportIsLost(Simulation sim) {
    Archive archive = new Archive(sim);
    sim.replicas(
        3,
        replica ->
            SingletonTask.start(
                replica.client().leaderLatch("reports"),
                OnFailure.RESIGN, // is a write done or not? begin anew, with a new token
                lease -> {
                  FencingToken token = lease.token();
                  long count = call(replica, () -> archive.seal(token));
                  for (long sequence = 1; lease.isHeld(); sequence++) {
                    replica.sleep(Duration.ofMillis(500)); // makes the next report
                    long number = sequence;
                    long next = ++count;
                    call(replica, () -> archive.add(token, number, next));
                  }
                }));
  }

  static <T> T call(Replica replica, Supplier<T> service) throws Exception {
    return replica.await(replica.call(service), Duration.ofSeconds(1));
  }

  /** Where the reports are kept: a server that never fails. */
  static final class Archive {
    private final Simulation sim;
    private final InMemoryFencingGuard guard = new InMemoryFencingGuard();
    private long count;

    Archive(Simulation sim) {
      this.sim = sim;
    }

    long seal(FencingToken token) {
      guard.seal("reports", token);
      return count;
    }

    boolean add(FencingToken token, long sequence, long number) {
      guard.admitOnce("reports", token, sequence, () -> put(number));
      return true;
    }

    long count() {
      return count;
    }

    boolean put(long number) {
      sim.require("no report is lost", number == count + 1, number + " came after " + count);
      count = number;
      return true;
    }
  }

  @Test
  void aTaskThatMissesTheGuardIsCaught() {
    assertThat(failedCheck(SimulatedTaskTest::writeWithoutTheGuard)).isEqualTo("no report is lost");
  }

  private static void writeWithoutTheGuard(Simulation sim) {
    Archive archive = new Archive(sim);
    sim.replicas(
        3,
        replica ->
            SingletonTask.start(
                replica.client().leaderLatch("reports"),
                OnFailure.RESIGN,
                lease -> {
                  long count = call(replica, archive::count);
                  while (lease.isHeld()) { // and after this line anything may happen
                    replica.sleep(Duration.ofMillis(500));
                    long next = ++count;
                    call(replica, () -> archive.put(next));
                  }
                }));
  }

  @Test
  void aTaskThatSwallowsTheInterruptIsCaught() {
    assertThat(failedCheck(SimulatedTaskTest::swallowTheInterrupt))
        .isEqualTo("work stops with its lease");
  }

  private static void swallowTheInterrupt(Simulation sim) {
    sim.replicas(
        3,
        replica ->
            SingletonTask.start(
                replica.client().leaderLatch("reports"),
                lease -> {
                  for (int report = 1; report <= 1_000; report++) {
                    try {
                      replica.sleep(Duration.ofMillis(500));
                    } catch (InterruptedException e) {
                      sim.note("report " + report + " was interrupted, the next one will do");
                    }
                  }
                }));
  }

  private static String failedCheck(Consumer<Simulation> scenario) {
    SimulationFailure failure =
        catchThrowableOfType(SimulationFailure.class, () -> Schedules.of(100).run(scenario));
    assertThat(failure).as("a failure within 100 schedules").isNotNull();
    return failure.check();
  }
}

package io.tenure.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The tests of {@link Tests}, as JUnit runs them. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class SimulatedTestTest {
  private static final String SEED = "tenure.sim.seed";
  private static final String SCHEDULES = "tenure.sim.schedules";

  /** What a schedule was like. */
  private record Seen(long chance, StoreProfile profile, Set<FaultKind> kinds, Duration lasting) {
    static Seen of(Simulation sim) {
      Setup setup = sim.world().setup();
      return new Seen(sim.random().nextLong(), setup.profile(), setup.allowed(), setup.lasting());
    }
  }

  private static final List<Seen> SEEN = new ArrayList<>();

  /** Some of these fail. The build does not find them, since it leaves nested classes out. */
  static class Tests {
    private int calls;

    @SimulatedTest(schedules = 8)
    void pass(Simulation sim) {
      SEEN.add(Seen.of(sim));
      sim.replicas(1, replica -> replica.client().lock("a").acquireAsync());
    }

    @SimulatedTest(
        schedules = 2,
        firstSeed = -2,
        profiles = {StoreProfile.CONSUL, StoreProfile.ETCD},
        faults = FaultKind.CRASH,
        lastingSeconds = 5)
    void passNarrowed(Simulation sim, TestInfo info) {
      SEEN.add(Seen.of(sim));
      sim.note(info.getDisplayName());
      sim.replicas(1, replica -> {});
    }

    @SimulatedTest(schedules = 20, onlyFaults = -1)
    void passWithoutFaults(Simulation sim) {
      requireNoCrash(sim);
    }

    @SimulatedTest(schedules = 40, lastingSeconds = 30)
    void failOnCrashes(Simulation sim) {
      requireNoCrash(sim);
    }

    private static void requireNoCrash(Simulation sim) {
      sim.replicas(3, replica -> {});
      sim.atEnd(
          () ->
              sim.require(
                  "nobody crashes",
                  sim.world().faults().stream().noneMatch(it -> it.kind() == FaultKind.CRASH),
                  "somebody has"));
    }

    @SimulatedTest(schedules = 2, sometimes = "the point")
    void neverComeToThePoint(Simulation sim) {
      sim.replicas(1, replica -> sim.sometimes("something else"));
    }

    @SimulatedTest(schedules = 2)
    void rememberInAField(Simulation sim) {
      calls++;
      sim.replicas(calls, replica -> {});
    }

    @SimulatedTest(schedules = 2)
    void failAnAssertion(Simulation sim) {
      sim.replicas(1, replica -> {});
      sim.atEnd(() -> assertThat(1).isEqualTo(2));
    }

    @SimulatedTest
    void takeNoSimulation() {}

    @SimulatedTest
    void placeNoReplica(Simulation sim) {}

    @SimulatedTest(schedules = 0)
    void haveNoSchedules(Simulation sim) {}

    @SimulatedTest(lastingSeconds = 0)
    void haveNoTime(Simulation sim) {}

    @SimulatedTest(profiles = {StoreProfile.ETCD, StoreProfile.ETCD})
    void haveOneStoreTwice(Simulation sim) {}
  }

  @BeforeEach
  void nothingIsSeen() {
    SEEN.clear();
  }

  /** Runs one of the tests, with parameters as a command line sets them: name, value. */
  private static Optional<Throwable> failure(String name, String... parameters) {
    LauncherDiscoveryRequestBuilder request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(
                Arrays.stream(Tests.class.getDeclaredMethods())
                    .filter(method -> method.getName().equals(name))
                    .map(method -> selectMethod(Tests.class, method))
                    .toList());
    for (int i = 0; i < parameters.length; i += 2) {
      request.configurationParameter(parameters[i], parameters[i + 1]);
    }
    List<TestExecutionResult> results = new ArrayList<>();
    TestExecutionListener listener =
        new TestExecutionListener() {
          @Override
          public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (test.isTest()) {
              results.add(result);
            }
          }
        };
    LauncherFactory.create().execute(request.build(), listener);
    assertThat(results).as("one test, however many schedules").hasSize(1);
    return results.get(0).getThrowable();
  }

  @Test
  void aTestRunsItsSchedulesOnEveryStoreAndTheFirstOneAgain() {
    assertThat(failure("pass")).isEmpty();

    assertThat(SEEN).hasSize(9);
    assertThat(SEEN.subList(0, 8)).extracting(Seen::chance).doesNotHaveDuplicates();
    assertThat(SEEN.subList(0, 8))
        .extracting(Seen::profile)
        .contains(StoreProfile.values())
        .endsWith(StoreProfile.MEMORY);
    assertThat(SEEN.get(8)).isEqualTo(SEEN.get(0));
    assertThat(SEEN).extracting(Seen::kinds).containsOnly(EnumSet.allOf(FaultKind.class));
  }

  @Test
  void theAnnotationNarrowsSeedsStoresFaultsAndTime() {
    assertThat(failure("passNarrowed")).isEmpty();

    assertThat(SEEN)
        .extracting(Seen::profile)
        .containsExactly(StoreProfile.CONSUL, StoreProfile.ETCD, StoreProfile.CONSUL);
    assertThat(SEEN).extracting(Seen::kinds).containsOnly(EnumSet.of(FaultKind.CRASH));
    assertThat(SEEN).extracting(Seen::lasting).containsOnly(Duration.ofSeconds(5));
    assertThat(failure("passWithoutFaults")).isEmpty();
  }

  @Test
  void parametersGoBeforeTheAnnotation() {
    assertThat(failure("pass")).isEmpty();
    List<Seen> usual = List.copyOf(SEEN);
    SEEN.clear();

    assertThat(failure("pass", SEED, "5", SCHEDULES, "2")).isEmpty();

    assertThat(SEEN).containsExactly(usual.get(4), usual.get(5), usual.get(4));
  }

  @Test
  void aFailureTellsHowItIsSeenAgain() {
    SimulationFailure failure = (SimulationFailure) failure("failOnCrashes").orElseThrow();

    String seed = String.valueOf(failure.seed());
    assertThat(failure.check()).isEqualTo("nobody crashes");
    assertThat(failure)
        .hasMessageContaining("again: -Dtenure.sim.seed=" + seed + " -Dtenure.sim.schedules=1")
        .hasMessageContaining("firstSeed = " + seed + "L, schedules = 1, onlyFaults = {")
        .hasMessageContaining(".lasting(Duration.parse(\"PT30S\")).onlyFaults(");
    assertThat(failure("failOnCrashes", SEED, seed, SCHEDULES, "1"))
        .hasValueSatisfying(again -> assertThat(again).hasMessage(failure.getMessage()));
  }

  @Test
  void aFailedAssertionIsTheCauseOfAFailure() {
    assertThat(failure("failAnAssertion"))
        .hasValueSatisfying(
            failure ->
                assertThat(failure)
                    .isInstanceOf(SimulationFailure.class)
                    .hasMessageStartingWith("no exception: a check threw ")
                    .hasCauseInstanceOf(AssertionError.class));
  }

  @Test
  void aTestThatNeverComesToThePointFailsUnlessItsSchedulesWereChosen() {
    assertFails("neverComeToThePoint", "'the point' never happened, only ");
    assertThat(failure("neverComeToThePoint", SEED, "3")).isEmpty();
    assertThat(failure("neverComeToThePoint", SCHEDULES, "1")).isEmpty();
  }

  @Test
  void aTestThatRemembersSomethingFromScheduleToScheduleFails() {
    assertFails("rememberInAField", "seed 1 gave two different schedules: ");
  }

  @Test
  void whatIsNotAllowedIsRefusedInASentence() {
    assertFails("takeNoSimulation", "a @SimulatedTest takes a Simulation, but ");
    assertFails("placeNoReplica", "a scenario places one replica at least, but this placed none");
    assertFails("haveNoSchedules", "at least one schedule is run, but this is 0");
    assertFails("haveNoTime", "faults happen for more than no time, but this is PT0S");
    assertFails("haveOneStoreTwice", "the stores are one or more, none of them twice, but these ");
    assertFails("pass", "tenure.sim.seed is a whole number, but this is 'x'", SEED, "x");
    assertFails("pass", "at least one schedule is run, but this is -1", SCHEDULES, "-1");
  }

  private static void assertFails(String test, String sentence, String... parameters) {
    assertThat(failure(test, parameters))
        .hasValueSatisfying(failure -> assertThat(failure).hasMessageStartingWith(sentence));
  }
}

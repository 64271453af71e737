package io.tenure.testkit.sim;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * One JUnit test that runs its method once for each of many seeds, as the scenario of a simulation.
 *
 * <pre>{@code
 * @SimulatedTest(schedules = 500)
 * void nobodyLosesAWrite(Simulation sim) {
 *   sim.replicas(3, replica -> …);
 * }
 * }</pre>
 *
 * <p>The method takes a {@link Simulation}, places replicas and checks, and returns; the schedule
 * runs after that. It keeps what belongs to one schedule in local variables: the test's instance
 * and its fields are the same for all, and what runs before and after each test runs once.
 *
 * <p>The test fails at the first seed in which a check fails. The configuration parameters (or
 * system properties) {@code tenure.sim.schedules} and {@code tenure.sim.seed} go before {@link
 * #schedules} and {@link #firstSeed}, so that a failure is seen again, or more seeds are run,
 * without a change of the code.
 */
@Documented
@ExtendWith(SimulatedTestExtension.class)
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@Test
public @interface SimulatedTest {
  /**
   * How many schedules are run.
   *
   * @return one or more
   */
  int schedules() default 500;

  /**
   * The first seed; the others follow it.
   *
   * @return any number
   */
  long firstSeed() default 1;

  /**
   * The stores, which the seeds take in turn.
   *
   * @return none stands for all of them
   */
  StoreProfile[] profiles() default {};

  /**
   * The kinds of faults that may happen.
   *
   * @return none stands for all of them
   */
  FaultKind[] faults() default {};

  /**
   * Which of the faults that a seed draws happen, as the message of a failure lists them.
   *
   * @return counted from 0, and -1 for no fault; none stands for all of them
   */
  int[] onlyFaults() default {};

  /**
   * For how long faults happen, in simulated time.
   *
   * @return more than 0
   */
  long lastingSeconds() default 60;

  /**
   * What has to happen in at least one of the schedules, by the names that {@link
   * Simulation#sometimes} counts, so that a test which never comes to the point fails. Not looked
   * at when a parameter has chosen the schedules.
   *
   * @return the names
   */
  String[] sometimes() default {};
}

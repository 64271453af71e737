package io.tenure;

import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;

/**
 * Runs the operations of a few threads side by side, many times, each time with another choice of
 * where they take turns. Lincheck makes up the scenarios of a class's {@code @Operation}s and the
 * choices, the same in every build. A test fails if what an operation throws is not what it throws
 * alone, if the validation throws, or if an operation does not end.
 *
 * <p>It takes memory to be sequentially consistent, so it does not miss a {@code volatile}: that is
 * for jcstress, in {@code src/stress}. All code that it runs is rewritten and slow, so it is for
 * small parts; {@link Race} is for large ones, and for what has threads of its own.
 */
final class Interleavings {
  private static final long HUNG_MILLIS = 60_000;

  /** Without state that threads share: looking into it would take most of the time. */
  private static final String[] SEQUENTIAL = {
    "io.tenure.ClientConfig", "io.tenure.Names", "io.tenure.spi.EntrySpec", "java.time.Duration"
  };

  private Interleavings() {}

  static void explore(Class<?> operations, int scenarios, int threads, int operationsEach) {
    explore(operations, scenarios, threads, operationsEach, 150);
  }

  /** Where there are many kinds of operations, more scenarios find more than more choices. */
  static void explore(
      Class<?> operations, int scenarios, int threads, int operationsEach, int choices) {
    new ModelCheckingOptions()
        .iterations(scenarios)
        .invocationsPerIteration(choices)
        .threads(threads)
        .actorsBefore(0)
        .actorsPerThread(operationsEach)
        .actorsAfter(0)
        .minimizeFailedScenario(false)
        .invocationTimeout$lincheck(HUNG_MILLIS)
        .addGuarantee(forClasses(SEQUENTIAL).allMethods().ignore())
        .check(operations);
  }
}

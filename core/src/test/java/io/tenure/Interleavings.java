package io.tenure;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;

/**
 * Runs the operations of a few threads side by side, many times, each time with another choice of
 * where they take turns. Lincheck makes up the scenarios of a class's {@code @Operation}s and the
 * choices, the same in every build. A test fails if what an operation throws is not what it throws
 * alone, if the validation throws, or if an operation does not end.
 *
 * <p>It takes memory to be sequentially consistent, so it does not miss a {@code volatile}. All
 * code that it runs is rewritten and slow, so it is for small parts; {@link Race} is for large
 * ones.
 */
final class Interleavings {
  private static final long HUNG_MILLIS = 60_000;

  private Interleavings() {}

  static void explore(Class<?> operations, int scenarios, int threads, int operationsEach) {
    new ModelCheckingOptions()
        .iterations(scenarios)
        .invocationsPerIteration(150)
        .threads(threads)
        .actorsBefore(0)
        .actorsPerThread(operationsEach)
        .actorsAfter(0)
        .minimizeFailedScenario(false)
        .invocationTimeout$lincheck(HUNG_MILLIS)
        .check(operations);
  }
}

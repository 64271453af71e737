package io.tenure.benchmarks;

import static java.util.Objects.requireNonNull;

import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;

/** What one benchmark came to: the medians of an iteration and their ratio, over all of them. */
record CostRow(String name, Median plainMicros, Median guardedMicros, Median ratio) {
  static final String HEADER =
      "| Guarded write | Plain | Guarded | Ratio | 99 % interval |\n|---|--:|--:|--:|---|\n";

  private static final double NANOS_PER_MICRO = 1_000;

  static CostRow of(RunResult result) {
    return new CostRow(
        name(result.getParams()),
        median(result, one -> counter(one, "plainNanos") / NANOS_PER_MICRO),
        median(result, one -> counter(one, "guardedNanos") / NANOS_PER_MICRO),
        median(result, one -> counter(one, "guardedNanos") / counter(one, "plainNanos")));
  }

  private static Median median(RunResult result, ToDoubleFunction<IterationResult> figure) {
    return Median.of(
        result.getBenchmarkResults().stream()
            .flatMap(fork -> fork.getIterationResults().stream())
            .mapToDouble(figure)
            .toArray());
  }

  private static double counter(IterationResult iteration, String name) {
    return requireNonNull(iteration.getSecondaryResults().get(name), name).getScore();
  }

  private static String name(BenchmarkParams params) {
    String method = params.getBenchmark().substring(params.getBenchmark().lastIndexOf('.') + 1);
    return params.getParamsKeys().stream()
        .map(key -> ", " + key + " " + params.getParam(key))
        .collect(Collectors.joining("", method, ""));
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "| %s | %.1f µs | %.1f µs | %.2f | %.2f to %.2f |\n",
        name,
        plainMicros.value(),
        guardedMicros.value(),
        ratio.value(),
        ratio.low(),
        ratio.high());
  }
}

package io.tenure.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs the benchmarks of the guards and prints what each costs, as a table. */
public final class GuardCosts {
  private static final TimeValue ITERATION = TimeValue.seconds(1);

  private GuardCosts() {}

  /** Runs them all, or those that JMH's arguments choose. */
  public static void main(String... args) throws Exception {
    String before = load();
    String table = table(new CommandLineOptions(args));
    System.out.printf(
        "%n%d processors, load %s before and %s after.%n%n%s",
        Runtime.getRuntime().availableProcessors(), before, load(), table);
  }

  /** What the options leave open is set so that all of it takes ten minutes. */
  static String table(Options chosen) throws RunnerException {
    OptionsBuilder options = new OptionsBuilder();
    options.parent(chosen);
    options.mode(Mode.AverageTime).timeUnit(TimeUnit.MICROSECONDS).shouldFailOnError(true);
    options.forks(chosen.getForkCount().orElse(1));
    options.warmupIterations(chosen.getWarmupIterations().orElse(3));
    options.measurementIterations(chosen.getMeasurementIterations().orElse(20));
    options.warmupTime(chosen.getWarmupTime().orElse(ITERATION));
    options.measurementTime(chosen.getMeasurementTime().orElse(ITERATION));
    Collection<RunResult> results = new Runner(options.build()).run();
    StringBuilder table = new StringBuilder(CostRow.HEADER);
    results.forEach(result -> table.append(CostRow.of(result)));
    return table.toString();
  }

  private static String load() {
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    return load < 0 ? "unknown" : String.format(Locale.ROOT, "%.1f", load);
  }
}

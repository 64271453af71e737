package io.tenure.examples;

import io.tenure.spi.Traits;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Measures for how long nobody leads after a leader was stopped, killed or frozen, and after the
 * leader of the store itself was killed: on clusters of three servers that it starts, with replicas
 * in processes of their own. Prints a table.
 */
public final class Availability {
  private static final int SERVERS = 3;

  private final AvailabilityArguments arguments;
  private final PrintStream out;
  private final Cleanup cleanup;

  private Availability(AvailabilityArguments arguments, PrintStream out, Cleanup cleanup) {
    this.arguments = arguments;
    this.out = out;
    this.cleanup = cleanup;
  }

  /** Runs the measurement and ends the JVM with an exit code; {@code --help} tells which. */
  public static void main(String... args) {
    System.exit(
        MainProgram.run("availability", System.out, (out, cleanup) -> run(out, cleanup, args)));
  }

  private static boolean run(PrintStream out, Cleanup cleanup, String... args) throws Exception {
    AvailabilityArguments arguments = AvailabilityArguments.parse(args);
    if (arguments.help()) {
      out.print(AvailabilityArguments.HELP);
      return true;
    }
    return new Availability(arguments, out, cleanup).run();
  }

  /** Returns whether everything could be measured. */
  private boolean run() throws Exception {
    List<MeasuredStore> stores = start();
    String before = load();
    // What takes milliseconds is measured alone; what is waiting for a time to live, side by side.
    oneByOne(stores, MeasuredStore::measureCleanStops);
    sideBySide(stores, MeasuredStore::measureCrashes);
    oneByOne(stores, MeasuredStore::measureStoreLeaderDeaths);
    out.println();
    out.printf(
        Locale.ROOT,
        "%s. %d processors, load %s before and %s after.%n%n",
        String.join(", ", stores.stream().map(MeasuredStore::description).distinct().toList()),
        Runtime.getRuntime().availableProcessors(),
        before,
        load());
    out.print(OutageTable.of(stores.stream().flatMap(s -> s.outages().stream()).toList()));
    List<String> failures = stores.stream().flatMap(store -> store.failure().stream()).toList();
    failures.forEach(failure -> out.println("FAIL  " + failure));
    return failures.isEmpty();
  }

  private List<MeasuredStore> start() throws Exception {
    LedgerServer server = cleanup.add(LedgerServer.start());
    new Ledger(server.url(), server.password(), false).create();
    List<MeasuredStore> stores = new ArrayList<>();
    for (Stores kind : arguments.stores()) {
      StartedStore store = cleanup.add(kind.start(SERVERS));
      for (Duration ttl : ttls(store.uri())) {
        stores.add(new MeasuredStore(store, ttl, arguments.runs(), server, cleanup, out));
      }
    }
    return stores;
  }

  /** Without a choice of the user's, the shortest time to live and the default one. */
  private List<Duration> ttls(String uri) {
    Traits traits = Stores.connect(uri).traits();
    return arguments.ttls().isEmpty()
        ? List.of(traits.minTtl(), traits.defaultTtl())
        : arguments.ttls();
  }

  /** One step of the measurement of one store. */
  @FunctionalInterface
  private interface Step {
    void measure(MeasuredStore store) throws Exception;
  }

  private static void oneByOne(List<MeasuredStore> stores, Step step) throws Exception {
    for (MeasuredStore store : stores) {
      step.measure(store);
    }
  }

  private static void sideBySide(List<MeasuredStore> stores, Step step) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(stores.size());
    try {
      List<Callable<Void>> tasks = new ArrayList<>();
      for (MeasuredStore store : stores) {
        tasks.add(
            () -> {
              step.measure(store);
              return null;
            });
      }
      for (Future<Void> task : threads.invokeAll(tasks)) {
        task.get();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    } finally {
      threads.shutdownNow();
    }
  }

  private static String load() {
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    return load < 0 ? "unknown" : String.format(Locale.ROOT, "%.1f", load);
  }
}

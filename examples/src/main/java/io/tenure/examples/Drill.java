package io.tenure.examples;

import io.tenure.spi.Traits;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Three replicas, one singleton task, one guarded ledger: a drill that breaks the leader in three
 * ways and checks that nothing a former leader had in flight got into the ledger.
 *
 * <p>The store and the ledger's database run in this process and the replicas in one each, unless
 * the store is given. All of them listen on loopback only and end with the drill, also when it is
 * interrupted.
 */
public final class Drill {
  private static final Duration SHORT_TTL = Duration.ofSeconds(4);

  /** What starting three JVMs and hearing from them may take on a busy machine. */
  private static final Duration MACHINE = Duration.ofSeconds(20);

  private final DrillArguments arguments;
  private final PrintStream out;
  private final Cleanup cleanup;

  private Drill(DrillArguments arguments, PrintStream out, Cleanup cleanup) {
    this.arguments = arguments;
    this.out = out;
    this.cleanup = cleanup;
  }

  /** Runs the drill and ends the JVM with an exit code; {@code --help} tells which. */
  public static void main(String... args) {
    System.exit(MainProgram.run("drill", System.out, (out, cleanup) -> run(out, cleanup, args)));
  }

  private static boolean run(PrintStream out, Cleanup cleanup, String... args) throws Exception {
    DrillArguments arguments = DrillArguments.parse(args);
    if (arguments.help()) {
      out.print(DrillArguments.HELP);
      return true;
    }
    return new Drill(arguments, out, cleanup).run();
  }

  /** Returns whether every check passed. */
  private boolean run() throws Exception {
    Optional<RunningStore> started = startStore();
    String store = started.map(RunningStore::uri).or(arguments::store).orElseThrow();
    Traits traits = traits(store);
    Duration ttl = arguments.ttl().orElse(max(SHORT_TTL, traits.minTtl()));
    String origin = started.map(running -> ", " + running.description()).orElse("");
    introduce(store + origin, ttl, traits.worstExpiry(ttl));
    LedgerServer server = cleanup.add(LedgerServer.start());
    Ledger ledger = new Ledger(server.url(), server.password(), arguments.guarded());
    ledger.create();
    String namespace = "tenure-drill-" + Long.toHexString(ThreadLocalRandom.current().nextLong());
    ReplicaSettings settings =
        new ReplicaSettings("", store, namespace, ttl, server.url(), arguments.guarded());
    Timeline timeline = new Timeline(out);
    History history = new History(timeline::tell);
    cleanup.add(QueueObserver.start(settings, history));
    Crew crew = new Crew(settings, server.password(), history, cleanup);
    Expectations expect = new Expectations(history, traits.worstExpiry(ttl).plus(MACHINE));
    new Scenario(crew, expect, timeline, ttl).play();
    List<Check> checks = new ArrayList<>(new TurnChecks(history.moments(), ttl).all());
    checks.addAll(new LedgerChecks(history.moments(), ledger.rows()).all());
    return judge(checks);
  }

  private Optional<RunningStore> startStore() throws IOException, InterruptedException {
    if (arguments.store().isPresent()) {
      return Optional.empty();
    }
    return Optional.of(
        cleanup.add(
            arguments.start().isPresent()
                ? arguments.start().get().start(1)
                : EmbeddedZooKeeper.start()));
  }

  private static Traits traits(String store) {
    return Stores.connect(store).traits();
  }

  private static Duration max(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  private void introduce(String store, Duration ttl, Duration crash) {
    out.println("Three replicas, one singleton task, one guarded ledger.");
    out.printf(
        "Store: %s. TTL: %d ms, so a crash costs up to %d ms. Ledger: H2, %s.%n",
        store,
        ttl.toMillis(),
        crash.toMillis(),
        arguments.guarded() ? "behind a JdbcFencingGuard" : "WITHOUT A GUARD");
  }

  private boolean judge(List<Check> checks) {
    out.println();
    checks.forEach(out::println);
    long failed = checks.stream().filter(check -> !check.passed()).count();
    out.println();
    out.println(
        failed == 0
            ? "All " + checks.size() + " checks passed."
            : failed + " of " + checks.size() + " checks failed.");
    return failed == 0;
  }
}

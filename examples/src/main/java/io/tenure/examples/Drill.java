package io.tenure.examples;

import io.tenure.CoordinationException;
import io.tenure.spi.Backend;
import io.tenure.spi.Traits;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
  private static final int OFF = 1;
  private static final int MISUSED = 2;

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
    System.exit(run(System.out, args));
  }

  private static int run(PrintStream out, String... args) {
    try (Cleanup cleanup = new Cleanup()) {
      DrillArguments arguments = DrillArguments.parse(args);
      if (arguments.help()) {
        out.print(DrillArguments.HELP);
        return 0;
      }
      Runtime.getRuntime().addShutdownHook(new Thread(cleanup::close, "drill-cleanup"));
      return new Drill(arguments, out, cleanup).run() ? 0 : OFF;
    } catch (IllegalArgumentException e) {
      System.err.println("drill: " + e.getMessage());
      return MISUSED;
    } catch (DrillFailure | CoordinationException e) {
      out.println("FAIL  " + e.getMessage());
      return OFF;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return OFF;
    } catch (Exception e) {
      out.println("FAIL  " + e);
      return OFF;
    }
  }

  /** Returns whether every check passed. */
  private boolean run() throws Exception {
    String store =
        arguments.store().isPresent()
            ? arguments.store().get()
            : cleanup.add(arguments.start().start()).uri();
    Traits traits = traits(store);
    Duration ttl = arguments.ttl().orElse(max(SHORT_TTL, traits.minTtl()));
    introduce(store, ttl, traits.worstExpiry(ttl));
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
    Duration patience = traits.worstExpiry(ttl).plus(MACHINE);
    new Scenario(crew, history, timeline, ttl, patience).play();
    List<Check> checks = new ArrayList<>(new TurnChecks(history.moments(), ttl).all());
    checks.addAll(new LedgerChecks(history.moments(), ledger.rows()).all());
    return judge(checks);
  }

  private static Traits traits(String store) {
    try (Backend backend = Stores.connect(store)) {
      return backend.traits();
    }
  }

  private static Duration max(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  private void introduce(String store, Duration ttl, Duration crash) {
    out.println("Three replicas, one singleton task, one guarded ledger.");
    out.printf(
        "Store: %s%s. TTL: %d ms, so a crash costs up to %d ms. Ledger: H2, %s.%n",
        store,
        arguments.store().isPresent() ? "" : " (started for this drill)",
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

package io.tenure.examples;

import io.tenure.CoordinationClient;
import io.tenure.CoordinationException;
import io.tenure.spi.Traits;
import io.tenure.testkit.server.StoreServer;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** A store and a time to live, and for how long nobody led there. */
final class MeasuredStore {
  /** What starting a JVM and hearing from it may take on a busy machine. */
  private static final Duration MACHINE = Duration.ofSeconds(30);

  private static final int RUNS_PER_LONG_RUN = 4;

  private final StartedStore store;
  private final String name;
  private final Duration ttl;
  private final Duration patience;
  private final int runs;
  private final LedgerServer ledger;
  private final Cleanup cleanup;
  private final PrintStream out;
  private final List<Outages> outages = new ArrayList<>();
  private Optional<Pair> pair = Optional.empty();
  private Optional<String> failure = Optional.empty();

  MeasuredStore(
      StartedStore store,
      Duration ttl,
      int runs,
      LedgerServer ledger,
      Cleanup cleanup,
      PrintStream out) {
    this.store = store;
    this.ttl = ttl;
    this.runs = runs;
    this.ledger = ledger;
    this.cleanup = cleanup;
    this.out = out;
    Traits traits = Stores.connect(store.uri()).traits();
    name = traits.store();
    patience = traits.worstExpiry(ttl).plus(MACHINE);
  }

  /** One measurement. */
  @FunctionalInterface
  private interface Run {
    Duration measure() throws IOException, InterruptedException;
  }

  List<Outages> outages() {
    return outages;
  }

  /** Why the rest could not be measured, if so. */
  Optional<String> failure() {
    return failure;
  }

  String description() {
    return store.description();
  }

  void measureCleanStops() throws InterruptedException {
    attempt(
        () -> {
          Pair replicas = startPair(store.uri());
          pair = Optional.of(replicas);
          repeat("clean stop", runs, replicas::stop);
        });
  }

  void measureCrashes() throws InterruptedException {
    attempt(
        () -> {
          Pair replicas = pair.orElseThrow();
          repeat("SIGKILL", runs, replicas::kill);
          repeat("SIGSTOP", longRuns(), replicas::freeze);
          replicas.close();
        });
  }

  /**
   * Each time on servers of its own: Consul would take a killed one for gone for good, and one that
   * comes back for a guest, without which there is no majority when the next one is killed.
   */
  void measureStoreLeaderDeaths() throws InterruptedException {
    attempt(
        () -> {
          List<AcquireProbe.Answer> answers = new ArrayList<>();
          repeat("store's leader killed: nobody leads", longRuns(), () -> killLeader(answers));
          add(
              "store's leader killed: nothing is acquired",
              answers.stream().map(AcquireProbe.Answer::toAny).toList());
          add(
              "store's leader killed: what was asked then is acquired",
              answers.stream().map(AcquireProbe.Answer::toFirst).toList());
        });
  }

  private Duration killLeader(List<AcquireProbe.Answer> answers)
      throws IOException, InterruptedException {
    try (StartedStore own = cleanup.add(store.another());
        Pair replicas = startPair(own.uri());
        CoordinationClient another = client(own.uri())) {
      another.lock("before").acquire().close();
      StoreServer victim = own.leader();
      Moment killed = replicas.note(Report.of(Report.What.KILLED, victim));
      victim.kill();
      answers.add(AcquireProbe.since(killed.atNanos(), another, patience));
      return replicas.outageSince(killed);
    }
  }

  private CoordinationClient client(String uri) {
    return CoordinationClient.builder(Stores.connect(uri))
        .namespace("tenure-availability-" + random())
        .leaseTtl(ttl)
        .build();
  }

  private Pair startPair(String uri) throws IOException, InterruptedException {
    String namespace = "tenure-availability-" + random();
    ReplicaSettings settings = new ReplicaSettings("", uri, namespace, ttl, ledger.url(), false);
    Pair started = cleanup.add(new Pair(settings, ledger.password(), patience));
    started.start();
    return started;
  }

  private static String random() {
    return Long.toHexString(ThreadLocalRandom.current().nextLong());
  }

  private int longRuns() {
    return (runs + RUNS_PER_LONG_RUN - 1) / RUNS_PER_LONG_RUN;
  }

  private void repeat(String what, int times, Run run) throws IOException, InterruptedException {
    List<Duration> lengths = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      lengths.add(run.measure());
      tell(what, lengths);
    }
    add(what, lengths);
  }

  private void add(String what, List<Duration> lengths) {
    outages.add(new Outages(name, ttl, what, lengths));
  }

  private void tell(String what, List<Duration> lengths) {
    out.printf(
        Locale.ROOT,
        "%s, TTL %d ms, %s, %d: %s%n",
        name,
        ttl.toMillis(),
        what,
        lengths.size(),
        OutageTable.seconds(lengths.get(lengths.size() - 1)));
  }

  /** Something that may fail; then nothing more is measured here, and the other stores go on. */
  @FunctionalInterface
  private interface Attempt {
    void run() throws IOException, InterruptedException;
  }

  private void attempt(Attempt attempt) throws InterruptedException {
    if (failure.isPresent()) {
      return;
    }
    try {
      attempt.run();
    } catch (DrillFailure | CoordinationException | IOException e) {
      failure = Optional.of(name + ", TTL " + ttl.toMillis() + " ms: " + e.getMessage());
    }
  }
}

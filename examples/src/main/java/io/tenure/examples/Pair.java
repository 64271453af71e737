package io.tenure.examples;

import io.tenure.examples.Report.What;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Two replicas in an election, one of which leads while the other waits. What happens to them is
 * what happens to the drill's, but here it is timed, and again and again.
 */
final class Pair implements AutoCloseable {
  private static final List<String> NAMES = List.of("replica-1", "replica-2");

  private final ReplicaSettings settings;
  private final History history = new History(moment -> {});
  private final Cleanup cleanup = new Cleanup();
  private final Crew crew;
  private final Expectations expect;
  private Optional<Moment> leader = Optional.empty();

  Pair(ReplicaSettings settings, String password, Duration patience) {
    this.settings = settings;
    this.crew = new Crew(settings, password, history, cleanup);
    this.expect = new Expectations(history, patience);
  }

  /** Starts them, and returns when one leads and the other waits. */
  void start() throws IOException, InterruptedException {
    cleanup.add(QueueObserver.start(settings, history));
    Moment first = crew.start(NAMES.get(0));
    leads(expect.await("a first leader", first, moment -> moment.is(What.ELECTED)));
    join(NAMES.get(1));
  }

  /** Stops the leader as for a deployment, and answers how long it took until another led. */
  Duration stop() throws IOException, InterruptedException {
    Moment told = leader().stop();
    Duration outage = untilNextLeader(told);
    expect.awaitReplica(told.replica(), What.EXITED, told);
    join(told.replica());
    return outage;
  }

  /** Kills the leader, and answers how long it took until another led. */
  Duration kill() throws IOException, InterruptedException {
    atAnyTime();
    Moment killed = leader().kill();
    Duration outage = untilNextLeader(killed);
    join(killed.replica());
    return outage;
  }

  /** Freezes the leader, and answers how long it took until another led. */
  Duration freeze() throws IOException, InterruptedException {
    atAnyTime();
    ReplicaProcess replica = leader();
    Moment frozen = replica.freeze();
    Duration outage = untilNextLeader(frozen);
    Moment thawed = replica.thaw();
    expect.awaitReplica(frozen.replica(), What.LOST, thawed);
    expect.awaitReplica(frozen.replica(), What.STANDBY, thawed);
    return outage;
  }

  /** Notes something that is done to the store. */
  Moment note(Report report) {
    return history.add("store", report);
  }

  /** Waits for a TTL after a moment, and answers how long nobody led meanwhile, or since. */
  Duration outageSince(Moment deed) throws InterruptedException {
    Moment before = leader.orElseThrow();
    TimeUnit.NANOSECONDS.sleep(deed.atNanos() + settings.ttl().toNanos() - System.nanoTime());
    Optional<Moment> lost = since(deed).filter(moment -> moment.is(What.LOST)).findFirst();
    if (lost.isEmpty()) {
      expect.awaitReplica(
          before.replica(), What.APPENDED, note(Report.of(What.LOGGED, "a TTL later")));
      return Duration.ZERO;
    }
    Moment next = expect.await("a leader again", lost.get(), moment -> moment.is(What.ELECTED));
    return Duration.ofNanos(next.atNanos() - lost.get().atNanos());
  }

  private Stream<Moment> since(Moment deed) {
    return history.moments().stream().dropWhile(moment -> moment != deed);
  }

  /** Renewals are regular; what happens to processes is not. */
  private void atAnyTime() throws InterruptedException {
    long third = settings.ttl().toNanos() / 3;
    TimeUnit.NANOSECONDS.sleep(ThreadLocalRandom.current().nextLong(third));
  }

  private ReplicaProcess leader() {
    Moment elected = leader.orElseThrow();
    if (since(elected)
        .anyMatch(moment -> moment.is(What.LOST) && moment.token() == elected.token())) {
      throw new DrillFailure(
          elected.replica()
              + " lost its lease although nothing was done to it; a slow machine needs a longer"
              + " --ttl");
    }
    return crew.get(elected.replica());
  }

  private Duration untilNextLeader(Moment endOfTurn) throws InterruptedException {
    Moment next = expect.awaitOtherLeader(endOfTurn);
    leads(next);
    return Duration.ofNanos(next.atNanos() - endOfTurn.atNanos());
  }

  private void leads(Moment elected) throws InterruptedException {
    leader = Optional.of(elected);
    expect.awaitReplica(elected.replica(), What.APPENDED, elected);
  }

  private void join(String name) throws IOException, InterruptedException {
    Moment started = crew.start(name);
    Moment waits = expect.awaitReplica(name, What.STANDBY, started);
    // That its entry stands has been seen; a write of the leader later it has seen that itself.
    expect.awaitReplica(leader.orElseThrow().replica(), What.APPENDED, waits);
  }

  @Override
  public void close() {
    cleanup.close();
  }
}

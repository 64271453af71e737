package io.tenure.examples;

import io.tenure.examples.Report.What;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** What is done to the replicas, one act after the other. */
final class Scenario {
  private static final List<String> NAMES = List.of("replica-1", "replica-2", "replica-3");
  private static final int WRITES_BETWEEN_ACTS = 5;

  private final Crew crew;
  private final History history;
  private final Timeline timeline;
  private final Duration ttl;
  private final Duration patience;

  /**
   * Prepares the acts.
   *
   * @param ttl the time to live of the replicas' sessions
   * @param patience how long anything may take before the drill gives up
   */
  Scenario(Crew crew, History history, Timeline timeline, Duration ttl, Duration patience) {
    this.crew = crew;
    this.history = history;
    this.timeline = timeline;
    this.ttl = ttl;
    this.patience = patience;
  }

  /**
   * Plays all acts.
   *
   * @throws DrillFailure if something that had to happen did not
   */
  void play() throws IOException, InterruptedException {
    Moment first = begin();
    Moment second = kill(first);
    Moment third = freeze(second);
    Moment fourth = stop(third);
    end(fourth);
  }

  /** Every act returns the moment at which its last leader was elected. */
  private Moment begin() throws IOException, InterruptedException {
    timeline.act("Three replicas start, and one of them leads.");
    Moment start = crew.start(NAMES.get(0));
    for (String name : NAMES.subList(1, NAMES.size())) {
      crew.start(name);
    }
    Moment leader = await("a first leader", start, moment -> moment.is(What.ELECTED));
    for (String name : NAMES) {
      if (!name.equals(leader.replica())) {
        awaitReplica(name, What.STANDBY, start);
      }
    }
    letWrite(leader);
    return leader;
  }

  private Moment kill(Moment leader) throws IOException, InterruptedException {
    timeline.act(
        "The leader's process is killed. Nobody can know before its time to live is over.");
    Moment killed = crew.get(leader.replica()).kill();
    Moment next = awaitOtherLeader(killed);
    letWrite(next);
    Moment restarted = crew.start(killed.replica());
    awaitReplica(killed.replica(), What.STANDBY, restarted);
    return next;
  }

  private Moment freeze(Moment leader) throws IOException, InterruptedException {
    timeline.act("The leader is frozen between its look at the lease and its write.");
    ReplicaProcess replica = crew.get(leader.replica());
    replica.tell("hold");
    Moment answer =
        await(
            "an answer from " + leader.replica(),
            leader,
            moment -> moment.is(What.HOLDING) || moment.is(What.NOT_LEADING));
    if (answer.is(What.NOT_LEADING)) {
      throw new DrillFailure(
          leader.replica() + " lost its lease too early; a slow machine needs a longer --ttl");
    }
    Moment frozen = replica.freeze();
    Moment next = awaitOtherLeader(frozen);
    awaitReplica(next.replica(), What.APPENDED, next);
    sleepUntil(frozen.atNanos() + ttl.toNanos());
    replica.tell("send");
    Moment thawed = replica.thaw();
    await(
        "the late write of " + leader.replica(),
        thawed,
        moment -> moment.is(What.REFUSED) || moment.is(What.LANDED));
    awaitReplica(leader.replica(), What.LOST, thawed);
    awaitReplica(leader.replica(), What.STANDBY, thawed);
    letWrite(next);
    return next;
  }

  private Moment stop(Moment leader) throws IOException, InterruptedException {
    timeline.act("The leader is stopped as for an upgrade: it drains, releases and ends.");
    Moment told = crew.get(leader.replica()).stop();
    Moment next = awaitOtherLeader(told);
    awaitReplica(told.replica(), What.EXITED, told);
    letWrite(next);
    return next;
  }

  private void end(Moment leader) throws IOException, InterruptedException {
    timeline.act("The others are stopped, the leader last.");
    for (String name : NAMES) {
      if (crew.get(name).isAlive() && !name.equals(leader.replica())) {
        awaitReplica(name, What.EXITED, crew.get(name).stop());
      }
    }
    awaitReplica(leader.replica(), What.EXITED, crew.get(leader.replica()).stop());
  }

  private void letWrite(Moment leader) throws InterruptedException {
    Moment last = leader;
    for (int i = 0; i < WRITES_BETWEEN_ACTS; i++) {
      last = awaitReplica(leader.replica(), What.APPENDED, last);
    }
  }

  private Moment awaitOtherLeader(Moment endOfTurn) throws InterruptedException {
    return await(
        "a leader other than " + endOfTurn.replica(),
        endOfTurn,
        moment -> moment.is(What.ELECTED) && !moment.replica().equals(endOfTurn.replica()));
  }

  private Moment awaitReplica(String name, What what, Moment since) throws InterruptedException {
    return await(
        name + " to be " + what, since, moment -> moment.is(what) && moment.replica().equals(name));
  }

  private Moment await(String what, Moment since, Predicate<Moment> wanted)
      throws InterruptedException {
    return history.await(what, patience, since, wanted);
  }

  private static void sleepUntil(long nanos) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(nanos - System.nanoTime());
  }
}

package io.tenure.examples;

import io.tenure.examples.Report.What;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What is done to the replicas, one act after the other. */
final class Scenario {
  private static final List<String> NAMES = List.of("replica-1", "replica-2", "replica-3");
  private static final int WRITES_BETWEEN_ACTS = 5;

  private final Crew crew;
  private final Expectations expect;
  private final Timeline timeline;
  private final Duration ttl;

  /**
   * Prepares the acts.
   *
   * @param ttl the time to live of the replicas' sessions
   */
  Scenario(Crew crew, Expectations expect, Timeline timeline, Duration ttl) {
    this.crew = crew;
    this.expect = expect;
    this.timeline = timeline;
    this.ttl = ttl;
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
    Moment leader = expect.await("a first leader", start, moment -> moment.is(What.ELECTED));
    for (String name : NAMES) {
      if (!name.equals(leader.replica())) {
        expect.awaitReplica(name, What.STANDBY, start);
      }
    }
    letWrite(leader);
    return leader;
  }

  private Moment kill(Moment leader) throws IOException, InterruptedException {
    timeline.act(
        "The leader's process is killed. Nobody can know before its time to live is over.");
    Moment killed = crew.get(leader.replica()).kill();
    Moment next = expect.awaitOtherLeader(killed);
    letWrite(next);
    Moment restarted = crew.start(killed.replica());
    expect.awaitReplica(killed.replica(), What.STANDBY, restarted);
    return next;
  }

  private Moment freeze(Moment leader) throws IOException, InterruptedException {
    timeline.act("The leader is frozen between its look at the lease and its write.");
    ReplicaProcess replica = crew.get(leader.replica());
    replica.tell("hold");
    Moment answer =
        expect.await(
            "an answer from " + leader.replica(),
            leader,
            moment -> moment.is(What.HOLDING) || moment.is(What.NOT_LEADING));
    if (answer.is(What.NOT_LEADING)) {
      throw new DrillFailure(
          leader.replica() + " lost its lease too early; a slow machine needs a longer --ttl");
    }
    Moment frozen = replica.freeze();
    Moment next = expect.awaitOtherLeader(frozen);
    expect.awaitReplica(next.replica(), What.APPENDED, next);
    sleepUntil(frozen.atNanos() + ttl.toNanos());
    replica.tell("send");
    Moment thawed = replica.thaw();
    expect.await(
        "the late write of " + leader.replica(),
        thawed,
        moment -> moment.is(What.REFUSED) || moment.is(What.LANDED));
    expect.awaitReplica(leader.replica(), What.LOST, thawed);
    expect.awaitReplica(leader.replica(), What.STANDBY, thawed);
    letWrite(next);
    return next;
  }

  private Moment stop(Moment leader) throws IOException, InterruptedException {
    timeline.act("The leader is stopped as for an upgrade: it drains, releases and ends.");
    Moment told = crew.get(leader.replica()).stop();
    Moment next = expect.awaitOtherLeader(told);
    expect.awaitReplica(told.replica(), What.EXITED, told);
    letWrite(next);
    return next;
  }

  private void end(Moment leader) throws IOException, InterruptedException {
    timeline.act("The others are stopped, the leader last.");
    for (String name : NAMES) {
      if (crew.get(name).isAlive() && !name.equals(leader.replica())) {
        expect.awaitReplica(name, What.EXITED, crew.get(name).stop());
      }
    }
    expect.awaitReplica(leader.replica(), What.EXITED, crew.get(leader.replica()).stop());
  }

  private void letWrite(Moment leader) throws InterruptedException {
    Moment last = leader;
    for (int i = 0; i < WRITES_BETWEEN_ACTS; i++) {
      last = expect.awaitReplica(leader.replica(), What.APPENDED, last);
    }
  }

  private static void sleepUntil(long nanos) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(nanos - System.nanoTime());
  }
}

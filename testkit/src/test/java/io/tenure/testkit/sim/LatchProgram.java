package io.tenure.testkit.sim;

import io.tenure.Candidate;
import io.tenure.LeaderLatch;
import io.tenure.LeadershipListener;
import io.tenure.Lease;
import io.tenure.LossReason;
import io.tenure.spi.QueueName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Stands for an election, leads, writes, resigns, leaves and comes back, and is observed. */
final class LatchProgram implements Consumer<Simulation> {
  private static final String NAME = "scheduler";
  private static final long SETTLED_NANOS = 9_000_000_000L;

  @Override
  public void accept(Simulation sim) {
    Ledger ledger = new Ledger(sim, NAME);
    Map<Integer, Observer> observers = new HashMap<>();
    List<Candidacy> candidacies = new ArrayList<>();
    sim.replicas(
        3,
        replica -> {
          new Candidacy(sim, replica, ledger, candidacies).stand();
          observers.put(replica.number(), new Observer(sim, replica));
        });
    sim.whenCalm(() -> observers.values().forEach(Observer::requireUpToDate));
    sim.whenCalm(() -> candidacies.forEach(Candidacy::requireToStand));
  }

  /** One candidate, and the order in which its listener is told. */
  private static final class Candidacy implements LeadershipListener {
    private final Simulation sim;
    private final Replica replica;
    private final Ledger ledger;
    private final List<Candidacy> all;
    private LeaderLatch latch;
    private Callers.Call waiting;
    private Lease leading;
    private boolean resigning;
    private boolean leaving;
    private boolean closed;
    private Duration changed;

    Candidacy(Simulation sim, Replica replica, Ledger ledger, List<Candidacy> all) {
      this.sim = sim;
      this.replica = replica;
      this.ledger = ledger;
      this.all = all;
    }

    void stand() {
      all.add(this);
      changed = sim.now();
      latch = replica.client().leaderLatch(NAME);
      latch.addListener(this);
      queueUp();
      latch.start();
      latch
          .awaitAsync()
          .thenAccept(
              lease -> sim.require("a turn is awaited", lease.name().equals(NAME), "got " + lease));
      if (replica.random().nextInt(3) == 0) {
        replica.after(Duration.ofMillis(replica.random().nextInt(60_000)), this::leave);
      }
    }

    /** Until its turn it keeps its place, as somebody does who calls for a lock. */
    private void queueUp() {
      waiting = sim.world().book().callers().begin(replica, LeaseBook.election(NAME));
    }

    /** Its turn may end before the latch closes: then it gives up a place that it has got anew. */
    private void giveUp() {
      if (leading != null) {
        queueUp();
      }
      waiting.over();
    }

    private void leave() {
      if (replica.isEnding()) {
        return;
      }
      leaving = true;
      replica.start(
          () -> {
            giveUp();
            latch.close();
            closed = true;
            sim.sometimes("latches closed");
            replica.sleep(Duration.ofMillis(replica.random().nextInt(5_000)));
            if (!replica.isEnding()) {
              new Candidacy(sim, replica, ledger, all).stand();
            }
            return true;
          });
    }

    private void told(boolean inOrder, String what, Lease lease) {
      sim.require(
          "a listener is told in order",
          inOrder && !closed,
          what + " of " + lease.token() + " was told to " + replica.name() + " after " + leading);
      changed = sim.now();
    }

    void requireToStand() {
      if (leaving
          || replica.isDead()
          || replica.isEnding()
          || sim.now().minus(changed).toNanos() < SETTLED_NANOS) {
        return;
      }
      sim.require(
          "who stands is in the queue",
          sim.world().store().sessions().stream()
              .filter(session -> session.owner() == replica)
              .flatMap(session -> session.entries().stream())
              .anyMatch(entry -> entry.queue().equals(LeaseBook.election(NAME))),
          replica.name() + " has stood since " + changed + " and has no entry");
      sim.sometimes("candidates in their places");
    }

    @Override
    public void elected(Lease lease) {
      told(leading == null, "elected", lease);
      if (!leaving) {
        waiting.granted(lease.token());
      }
      leading = lease;
      resigning = false;
      ledger.writeWhileHeld(replica, lease);
      replica.after(
          Duration.ofMillis(replica.random().nextInt(12_000)),
          () -> {
            if (replica.random().nextBoolean()) {
              latch.resignAsync();
            }
          });
    }

    @Override
    public void resigning(Lease lease) {
      told(leading == lease && !resigning, "resigning", lease);
      resigning = true;
    }

    @Override
    public void released(Lease lease) {
      told(leading == lease && resigning, "released", lease);
      sim.sometimes("turns released");
      turnIsOver();
    }

    @Override
    public void lost(Lease lease, LossReason reason) {
      told(leading == lease, "lost", lease);
      sim.sometimes("turns lost");
      turnIsOver();
    }

    private void turnIsOver() {
      leading = null;
      if (!leaving) {
        queueUp();
      }
    }
  }

  /** Follows the leader from outside. */
  private static final class Observer {
    private final Simulation sim;
    private final Replica replica;
    private Optional<Candidate> seen = Optional.empty();
    private long newest;

    Observer(Simulation sim, Replica replica) {
      this.sim = sim;
      this.replica = replica;
      replica.client().election(NAME).observe(this::see);
    }

    private void see(Optional<Candidate> leader) {
      seen = leader;
      long token = leader.map(candidate -> candidate.token().value()).orElse(newest);
      sim.require(
          "an observer sees no older leader again",
          token >= newest,
          replica.name() + " saw " + token + " after " + newest);
      newest = token;
      sim.sometimes("leaders observed");
    }

    void requireUpToDate() {
      QueueName queue = LeaseBook.election(NAME);
      SimulatedStore store = sim.world().store();
      long since = sim.now().toNanos() - store.headSinceNanos(queue);
      if (replica.isDead() || replica.isEnding() || since < SETTLED_NANOS) {
        return;
      }
      Optional<Long> head = store.head(queue).map(StoredEntry::revision);
      sim.require(
          "an observer sees the last change",
          head.equals(seen.map(candidate -> candidate.token().revision())),
          replica.name() + " sees " + seen + ", but the leader is " + head);
      sim.sometimes("observers up to date");
    }
  }
}

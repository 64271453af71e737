package io.tenure.testkit.sim;

import io.tenure.Candidate;
import io.tenure.LeaderLatch;
import io.tenure.LeadershipListener;
import io.tenure.Lease;
import io.tenure.LossReason;
import io.tenure.spi.QueueName;
import java.time.Duration;
import java.util.HashMap;
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
    sim.replicas(
        3,
        replica -> {
          new Candidacy(sim, replica, ledger).stand();
          observers.put(replica.number(), new Observer(sim, replica));
        });
    sim.whenCalm(() -> observers.values().forEach(Observer::requireUpToDate));
  }

  /** One candidate, and the order in which its listener is told. */
  private static final class Candidacy implements LeadershipListener {
    private final Simulation sim;
    private final Replica replica;
    private final Ledger ledger;
    private LeaderLatch latch;
    private Lease leading;
    private boolean resigning;
    private boolean closed;

    Candidacy(Simulation sim, Replica replica, Ledger ledger) {
      this.sim = sim;
      this.replica = replica;
      this.ledger = ledger;
    }

    void stand() {
      latch = replica.client().leaderLatch(NAME);
      latch.addListener(this);
      latch.start();
      latch
          .awaitAsync()
          .thenAccept(
              lease -> sim.require("a turn is awaited", lease.name().equals(NAME), "got " + lease));
      if (replica.random().nextInt(3) == 0) {
        replica.after(Duration.ofMillis(replica.random().nextInt(60_000)), this::leave);
      }
    }

    private void leave() {
      if (replica.isEnding()) {
        return;
      }
      replica.start(
          () -> {
            latch.close();
            closed = true;
            sim.sometimes("latches closed");
            replica.sleep(Duration.ofMillis(replica.random().nextInt(5_000)));
            if (!replica.isEnding()) {
              new Candidacy(sim, replica, ledger).stand();
            }
            return true;
          });
    }

    private void told(boolean inOrder, String what, Lease lease) {
      sim.require(
          "a listener is told in order",
          inOrder && !closed,
          what + " of " + lease.token() + " was told to " + replica.name() + " after " + leading);
    }

    @Override
    public void elected(Lease lease) {
      told(leading == null, "elected", lease);
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
      leading = null;
    }

    @Override
    public void lost(Lease lease, LossReason reason) {
      told(leading == lease, "lost", lease);
      sim.sometimes("turns lost");
      leading = null;
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

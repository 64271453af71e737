package io.tenure.testkit.sim;

import io.tenure.LeaderLatch;
import io.tenure.Lease;
import io.tenure.SingletonTask;
import java.time.Duration;
import java.util.function.Consumer;

/** A singleton task that blocks, fails now and then, and sometimes is slow to stop. */
final class TaskProgram implements Consumer<Simulation> {
  @Override
  public void accept(Simulation sim) {
    Ledger ledger = new Ledger(sim, "task");
    sim.replicas(3, replica -> new Host(sim, replica, ledger).begin());
  }

  private static final class Host {
    private final Simulation sim;
    private final Replica replica;
    private final Ledger ledger;
    private boolean running;

    Host(Simulation sim, Replica replica, Ledger ledger) {
      this.sim = sim;
      this.replica = replica;
      this.ledger = ledger;
    }

    void begin() {
      LeaderLatch latch = replica.client().leaderLatch("task").drainWithin(Duration.ofSeconds(3));
      latch.addListener(sim.world().book().listener(replica, "task"));
      SingletonTask.OnFailure onFailure =
          replica.random().nextBoolean()
              ? SingletonTask.OnFailure.RETRY
              : SingletonTask.OnFailure.RESIGN;
      SingletonTask.start(latch, onFailure, this::work);
    }

    private void work(Lease lease) throws InterruptedException {
      sim.require(
          "two runs of a task never overlap", !running, "a run of " + replica.name() + " overlaps");
      running = true;
      try {
        ledger.writeWhileHeld(replica, lease);
        while (lease.isHeld()) {
          replica.sleep(Duration.ofMillis(replica.random().nextInt(3_000)));
          if (replica.random().nextInt(20) == 0) {
            sim.sometimes("tasks that throw");
            throw new IllegalStateException("for this simulation");
          }
        }
        sim.sometimes("tasks that saw the end");
      } catch (InterruptedException e) {
        sim.sometimes("tasks interrupted");
        if (replica.random().nextInt(4) == 0) {
          finish(sim.now().plusMillis(replica.random().nextInt(5_000)));
        }
        throw e;
      } finally {
        running = false;
      }
    }

    /** Goes on with what it is at until it is done, however often it is interrupted. */
    private void finish(Duration done) {
      for (Duration left = done.minus(sim.now());
          !left.isNegative() && !left.isZero();
          left = done.minus(sim.now())) {
        try {
          replica.sleep(left);
        } catch (InterruptedException e) {
          sim.sometimes("tasks interrupted again");
        }
      }
    }
  }
}

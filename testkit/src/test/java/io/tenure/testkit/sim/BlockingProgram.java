package io.tenure.testkit.sim;

import io.tenure.BackendUnavailableException;
import io.tenure.ClientClosedException;
import io.tenure.DistributedLock;
import io.tenure.Lease;
import io.tenure.LossPolicy;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** Takes a lock by blocking calls, is interrupted now and then, and closes what it got. */
final class BlockingProgram implements Consumer<Simulation> {
  @Override
  public void accept(Simulation sim) {
    Ledger ledger = new Ledger(sim, "blocking");
    sim.replicas(
        3,
        replica -> {
          Thread one = replica.start(() -> work(sim, replica, ledger));
          replica.start(() -> work(sim, replica, ledger));
          replica.after(Duration.ofMillis(replica.random().nextInt(60_000)), one::interrupt);
        });
  }

  private static boolean work(Simulation sim, Replica replica, Ledger ledger)
      throws InterruptedException {
    DistributedLock lock = replica.client().lock("blocking").onLoss(LossPolicy.interruptScope());
    while (!replica.isEnding()) {
      try {
        replica.sleep(Duration.ofMillis(replica.random().nextInt(3_000)));
        if (replica.isEnding()) {
          return true;
        }
        Optional<Lease> got = acquire(replica, lock);
        if (got.isPresent()) {
          try (Lease lease = got.get()) {
            ledger.writeWhileHeld(replica, lease);
            int most = replica.random().nextInt(4) == 0 ? 30_000 : 6_000;
            replica.sleep(Duration.ofMillis(replica.random().nextInt(most)));
          }
        }
      } catch (InterruptedException e) {
        sim.sometimes("threads interrupted");
      } catch (BackendUnavailableException e) {
        sim.sometimes("outages told");
      } catch (ClientClosedException e) {
        return true;
      }
    }
    return true;
  }

  private static Optional<Lease> acquire(Replica replica, DistributedLock lock)
      throws InterruptedException {
    return switch (replica.random().nextInt(4)) {
      case 0 -> lock.tryAcquire();
      case 1 -> lock.tryAcquire(Duration.ofMillis(replica.random().nextInt(10_000)));
      case 2 -> Optional.of(lock.atMostFor(Duration.ofSeconds(4)).acquire());
      default -> Optional.of(lock.acquire());
    };
  }
}

package io.tenure.testkit.sim;

import io.tenure.BackendUnavailableException;
import io.tenure.ClientClosedException;
import io.tenure.DistributedLock;
import io.tenure.Lease;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/** Contends for two locks in every way there is, and writes under them. */
final class LockProgram implements Consumer<Simulation> {
  private static final int CONTENDERS = 2;
  private static final int CROWD = 4;
  private static final String[] NAMES = {"accounts", "reports"};

  private final Ledger.Guard guard;

  LockProgram() {
    this(Ledger.Guard.TOKEN);
  }

  LockProgram(Ledger.Guard guard) {
    this.guard = guard;
  }

  @Override
  public void accept(Simulation sim) {
    Map<String, Ledger> ledgers = new HashMap<>();
    for (String name : NAMES) {
      ledgers.put(name, new Ledger(sim, name, guard));
    }
    // A local queue has an order only if two wait behind the first.
    int contenders = sim.random().nextInt(8) == 0 ? CROWD : CONTENDERS;
    sim.replicas(
        3,
        replica -> {
          for (int i = 0; i < contenders; i++) {
            new Contender(sim, replica, ledgers).rest();
          }
        });
  }

  private static final class Contender {
    private final Simulation sim;
    private final Replica replica;
    private final Map<String, Ledger> ledgers;
    private final Map<String, DistributedLock> locks = new HashMap<>();

    Contender(Simulation sim, Replica replica, Map<String, Ledger> ledgers) {
      this.sim = sim;
      this.replica = replica;
      this.ledgers = ledgers;
    }

    void rest() {
      replica.after(millis(4_000), this::contend);
    }

    private Duration millis(int most) {
      return Duration.ofMillis(replica.random().nextInt(most));
    }

    private void contend() {
      if (replica.isEnding()) {
        return;
      }
      DistributedLock lock = lock();
      switch (replica.random().nextInt(5)) {
        case 0 -> lock.tryAcquireAsync().whenComplete(this::tried);
        case 1 -> lock.tryAcquireAsync(millis(20_000)).whenComplete(this::tried);
        case 2 -> {
          CompletableFuture<Lease> future = lock.acquireAsync();
          future.whenComplete(this::acquired);
          replica.after(millis(20_000), () -> future.cancel(false));
        }
        default -> lock.acquireAsync().whenComplete(this::acquired);
      }
    }

    private DistributedLock lock() {
      String name = NAMES[replica.random().nextInt(NAMES.length)];
      DistributedLock lock = locks.computeIfAbsent(name, replica.client()::lock);
      return replica.random().nextInt(5) == 0
          ? lock.atMostFor(Duration.ofMillis(1 + replica.random().nextInt(8_000)))
          : lock;
    }

    private void tried(Optional<Lease> lease, Throwable error) {
      if (error == null && lease.isEmpty()) {
        rest();
      } else {
        acquired(lease == null ? null : lease.orElse(null), error);
      }
    }

    private void acquired(Lease lease, Throwable error) {
      if (error != null) {
        Throwable cause = error instanceof CompletionException ? error.getCause() : error;
        sim.require(
            "failures are of the documented kinds",
            cause instanceof BackendUnavailableException
                || cause instanceof ClientClosedException
                || cause instanceof CancellationException,
            "an acquire failed with " + cause);
        rest();
        return;
      }
      ledgers.get(lease.name()).writeWhileHeld(replica, lease);
      int most = replica.random().nextInt(4) == 0 ? 30_000 : 3_000;
      replica.after(millis(most), () -> lease.releaseAsync().thenRun(this::rest));
    }
  }
}

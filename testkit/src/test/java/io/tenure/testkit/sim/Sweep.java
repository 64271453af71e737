package io.tenure.testkit.sim;

import io.tenure.spi.Backend;
import io.tenure.spi.StoreSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Runs the schedules of many seeds, one thread per core. The sums do not depend on which thread ran
 * which.
 */
final class Sweep {
  private static final int THREADS = Runtime.getRuntime().availableProcessors();

  private final Program program;
  private final StoreProfile profile;
  private final boolean measured;
  private final long end;
  private final AtomicLong next;

  private Sweep(Program program, StoreProfile profile, boolean measured, long first, long count) {
    this.program = program;
    this.profile = profile;
    this.measured = measured;
    this.next = new AtomicLong(first);
    this.end = first + count;
  }

  static int threads() {
    return THREADS;
  }

  /** Runs so many schedules from a seed on; ends early when one has failed. */
  static Totals run(Program program, StoreProfile profile, long first, long count)
      throws InterruptedException, ExecutionException {
    return new Sweep(program, profile, false, first, count).run();
  }

  /** The same, and looks at the margin at each renewal. */
  static Totals measure(Program program, StoreProfile profile, long first, long count)
      throws InterruptedException, ExecutionException {
    return new Sweep(program, profile, true, first, count).run();
  }

  private Totals run() throws InterruptedException, ExecutionException {
    ExecutorService pool = Executors.newFixedThreadPool(THREADS, Sweep::daemon);
    try {
      List<Future<Totals>> parts = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        parts.add(pool.submit(this::part));
      }
      Totals all = new Totals();
      for (Future<Totals> part : parts) {
        all.add(part.get());
      }
      return all;
    } finally {
      next.set(end);
      pool.shutdown();
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "sweep");
    thread.setDaemon(true);
    return thread;
  }

  private Totals part() {
    Totals totals = new Totals();
    for (long seed = next.getAndIncrement(); seed < end; seed = next.getAndIncrement()) {
      try {
        one(seed, totals);
      } catch (SimulationFailure failure) {
        totals.failures.add(named(program, profile, seed, failure));
        next.set(end);
      }
    }
    return totals;
  }

  /** The failure, with the command that shows it again. */
  static SimulationFailure named(
      Program program, StoreProfile profile, long seed, SimulationFailure failure) {
    return failure.seenAgainBy(new Rerun(program, profile, seed, failure.faults()).command());
  }

  private void one(long seed, Totals totals) {
    World[] world = new World[1];
    SimulationResult result =
        Program.setup(profile, seed)
            .seams(measured ? measuring(totals) : Seams.NONE)
            .run(
                seed,
                sim -> {
                  world[0] = sim.world();
                  program.begin().accept(sim);
                });
    totals.add(result, world[0].book());
  }

  private static Seams measuring(Totals totals) {
    return new Seams() {
      @Override
      public Backend backend(Backend real, Replica replica) {
        return new PassingBackend(real) {
          @Override
          StoreSession wrap(StoreSession session) {
            return new MeasuredSession(session, replica, totals);
          }
        };
      }
    };
  }

  /** Looks at the deadline when the answer to a renewal has come and is not yet taken in. */
  private static final class MeasuredSession extends PassingSession {
    private final Totals totals;

    MeasuredSession(StoreSession real, Replica replica, Totals totals) {
      super(real, replica);
      this.totals = totals;
    }

    @Override
    public CompletionStage<Duration> heartbeat() {
      return real.heartbeat()
          .thenApply(
              validity -> {
                LeaseBook book = replica.simulation().world().book();
                Duration left = book.looking(() -> replica.client().health().remaining());
                totals.addMargin((double) left.toNanos() / (double) ttl().toNanos());
                return validity;
              });
    }
  }
}

package io.tenure.testkit.sim;

import io.tenure.spi.Scheduler;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/** The delays, waits and chance of one process: on its own clock, in simulated time. */
final class ProcessScheduler implements Scheduler {
  /** How late a timer may be in a process that is not paused. */
  private static final int LATE_NANOS = 2_000_000;

  private final Replica replica;
  private final Agenda agenda;
  private final SplittableRandom random;
  private boolean closed;

  ProcessScheduler(Replica replica, Agenda agenda, SplittableRandom random) {
    this.replica = replica;
    this.agenda = agenda;
    this.random = random;
  }

  @Override
  public Cancellable schedule(Runnable task, long delayNanos) {
    if (closed || replica.isDead()) {
      requireNoTimers(!closed, () -> "has set a timer after it was closed");
      return () -> {};
    }
    Timer timer = new Timer(task, replica.clock().read() + Math.max(0, delayNanos), false);
    timer.plan();
    return timer;
  }

  @Override
  public boolean await(CompletableFuture<?> future, long boundNanos) throws InterruptedException {
    CompletableFuture<Boolean> first = new CompletableFuture<>();
    future.whenComplete((value, error) -> first.complete(true));
    long dueNanos = replica.clock().read() + Math.max(0, boundNanos);
    Timer timer = new Timer(() -> first.complete(false), dueNanos, true);
    timer.plan();
    try {
      return await(first);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      timer.cancel();
    }
  }

  /** One timer; looks at its process's clock again when it wakes, since that may run slow. */
  private final class Timer implements Cancellable, Runnable {
    private final Runnable task;
    private final long dueNanos;
    private final boolean outlivesClosing;
    private Cancellable step = () -> {};
    private boolean over;

    Timer(Runnable task, long dueNanos, boolean outlivesClosing) {
      this.task = task;
      this.dueNanos = dueNanos;
      this.outlivesClosing = outlivesClosing;
    }

    void plan() {
      long left = dueNanos - replica.clock().read();
      long late = left <= 0 ? 0 : random.nextInt(LATE_NANOS);
      step = agenda.after(replica.clock().untilElapsed(left) + late, replica, this);
    }

    @Override
    public void run() {
      if (over || (closed && !outlivesClosing)) {
        return;
      }
      if (dueNanos - replica.clock().read() > 0) {
        plan();
        return;
      }
      over = true;
      task.run();
    }

    @Override
    public void cancel() {
      if (!over) {
        over = true;
        step.cancel();
      }
    }
  }

  @Override
  public <T> T await(CompletableFuture<T> future) throws InterruptedException, ExecutionException {
    SimulatedThread thread = SimulatedThread.current();
    if (thread != null) {
      thread.await(future);
    } else {
      agenda.runWhile(() -> !future.isDone());
      if (!future.isDone()) {
        throw new InterruptedException("the simulation is over");
      }
    }
    return future.get();
  }

  @Override
  public double random() {
    return random.nextDouble();
  }

  @Override
  public String uniqueId() {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
  }

  @Override
  public void close() {
    closed = true;
    long[] dueInNanos =
        agenda.planned(replica).stream()
            .filter(work -> work instanceof Timer timer && !timer.outlivesClosing)
            .mapToLong(timer -> ((Timer) timer).dueNanos - replica.clock().read())
            .sorted()
            .toArray();
    long forNothing =
        LongStream.of(dueInNanos).filter(nanos -> nanos > replica.link().settlingNanos()).count();
    requireNoTimers(
        forNothing <= replica.link().underway(),
        () ->
            "has closed, has "
                + replica.link().underway()
                + " requests under way, and timers due in "
                + Arrays.toString(dueInNanos)
                + " ns");
  }

  /** Where no fault keeps it from ending in order, a client leaves no timer that nobody needs. */
  private void requireNoTimers(boolean none, Supplier<String> what) {
    World world = replica.simulation().world();
    world.require(
        "no timer is left",
        none || replica.isDead() || !world.isEnding(),
        () -> replica.name() + " " + what.get());
  }
}

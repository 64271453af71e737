package io.tenure.testkit.sim;

import io.tenure.spi.Scheduler.Cancellable;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The virtual clock, and what is due when. One step runs at a time; steps of the same moment run in
 * the order in which they were planned.
 */
final class Agenda {
  private final Due due = new Due();
  private final Consumer<@Nullable Replica> afterStep;
  private final long lastStep;
  private long nowNanos;
  private long steps;
  private long hash;
  private boolean stopped;

  /**
   * Creates an empty agenda.
   *
   * @param afterStep looks at the world after each step, told whose it was
   * @param lastStep how many steps may be taken at most
   */
  Agenda(Consumer<@Nullable Replica> afterStep, long lastStep) {
    this.afterStep = afterStep;
    this.lastStep = lastStep;
  }

  long nowNanos() {
    return nowNanos;
  }

  long steps() {
    return steps;
  }

  long hash() {
    return hash;
  }

  /** Makes a value part of what two runs of one seed have in common. */
  void mix(long value) {
    hash = (hash ^ value) * 0x9E3779B97F4A7C15L;
    hash ^= hash >>> 32;
  }

  /** Plans a step of nobody in particular. */
  Cancellable after(long delayNanos, Runnable work) {
    return due.add(nowNanos, nowNanos + Math.max(0, delayNanos), null, work);
  }

  /** Plans a step in a process: put off while it is paused, dropped when it is dead. */
  Cancellable after(long delayNanos, Replica owner, Runnable work) {
    return due.add(nowNanos, nowNanos + Math.max(0, delayNanos), owner, work);
  }

  /** What a process has planned; not in order. */
  List<Runnable> planned(Replica owner) {
    return due.planned(owner);
  }

  /** Takes no further step, in no matter how deep a loop. */
  void stop() {
    stopped = true;
  }

  boolean isStopped() {
    return stopped || steps >= lastStep;
  }

  /** Runs all that is due before a moment, which is the present one then. */
  void runUntil(long untilNanos) {
    runWhile(() -> due.firstNanos() < untilNanos);
    if (!isStopped()) {
      nowNanos = Math.max(nowNanos, untilNanos);
    }
  }

  /** Runs steps for as long as a condition holds and there are any. */
  void runWhile(BooleanSupplier condition) {
    while (!isStopped() && condition.getAsBoolean()) {
      Due.Task task = due.poll();
      if (task == null) {
        return;
      }
      run(task);
    }
  }

  private void run(Due.Task task) {
    Runnable work = task.work;
    if (work == null) {
      return;
    }
    nowNanos = Math.max(nowNanos, task.atNanos);
    Replica owner = task.owner;
    if (owner != null) {
      if (owner.isDead()) {
        return;
      }
      if (owner.pausedUntilNanos() > nowNanos) {
        Due.Task later = due.add(nowNanos, owner.pausedUntilNanos(), owner, () -> {});
        // The same object is what its planner may cancel.
        later.work =
            () -> {
              Runnable still = task.work;
              if (still != null) {
                task.work = null;
                still.run();
              }
            };
        return;
      }
    }
    task.work = null;
    steps++;
    mix(nowNanos);
    mix(owner == null ? -1 : owner.number());
    work.run();
    afterStep.accept(owner);
  }
}

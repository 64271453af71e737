package io.tenure.testkit.sim;

import org.jspecify.annotations.Nullable;

/**
 * The thread of a turn of a singleton task. It is interrupted when the turn ends, and by then its
 * work has to return soon: one that goes on does so while another process leads.
 */
final class WorkThread extends SimulatedThread {
  private final Replica replica;
  private final World world;
  private final @Nullable EntryKey turn;
  private boolean told;
  private long toldNanos;

  WorkThread(Replica replica, World world, Runnable work) {
    super(replica, world.agenda(), work);
    this.replica = replica;
    this.world = world;
    this.turn = replica.turn().orElse(null);
  }

  /** Whether the work of this turn was interrupted and has not returned. */
  boolean isStoppingFor(EntryKey lease) {
    return told && !isOver() && lease.equals(turn);
  }

  @Override
  void returned() {
    if (told && turn != null && toldNanos < world.agenda().nowNanos()) {
      world.book().reports().workStopped(turn);
    }
  }

  @Override
  public void interrupt() {
    super.interrupt();
    if (!told) {
      told = true;
      toldNanos = world.agenda().nowNanos();
      lookAfter(world.workStopsWithin().toNanos());
    }
  }

  private void lookAfter(long nanos) {
    world.agenda().after(nanos, this::look);
  }

  private void look() {
    if (isOver() || replica.isDead()) {
      return;
    }
    long boundNanos = world.workStopsWithin().toNanos();
    long leftNanos = replica.pausedUntilNanos() + boundNanos - world.agenda().nowNanos();
    if (leftNanos > 0) {
      lookAfter(leftNanos);
      return;
    }
    world.violated(
        "work stops with its lease",
        String.format(
            "the task of %s was interrupted and still runs %s later%s",
            replica.name(), world.workStopsWithin(), place()));
  }
}

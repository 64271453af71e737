package io.tenure.testkit.sim;

/**
 * The thread of a turn of a singleton task. It is interrupted when the turn ends, and by then its
 * work has to return soon: one that goes on does so while another process leads.
 */
final class WorkThread extends SimulatedThread {
  private final Replica replica;
  private final World world;
  private boolean told;

  WorkThread(Replica replica, World world, Runnable work) {
    super(replica, world.agenda(), work);
    this.replica = replica;
    this.world = world;
  }

  @Override
  public void interrupt() {
    super.interrupt();
    if (!told) {
      told = true;
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

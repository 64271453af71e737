package io.tenure.testkit.sim;

import io.tenure.spi.Ticker;

/**
 * A process's clock as its code reads it: a pause may hit the process at this very moment, in the
 * middle of its code, so that it goes on with a reading that is old.
 */
final class InterruptedTicker implements Ticker {
  private static final int DEEPEST = 6;

  private final World world;
  private final Replica replica;
  private final Weather weather;
  private boolean old;

  InterruptedTicker(World world, Replica replica, Weather weather) {
    this.world = world;
    this.replica = replica;
    this.weather = weather;
  }

  @Override
  public long read() {
    if (world.book().isLooking() || replica.isDead() || world.standing() >= DEEPEST) {
      return replica.clock().read();
    }
    long drawnNanos = weather.takeClockPause();
    long nanos = drawnNanos == 0 ? 0 : world.untilCalmNanos(drawnNanos);
    if (nanos == 0) {
      return replica.clock().read();
    }
    long before = replica.clock().read();
    world.note(replica.name() + " is paused at the clock");
    replica.pause(nanos);
    SimulatedThread thread = SimulatedThread.current();
    if (thread != null) {
      thread.pause(replica.pausedUntilNanos());
    } else {
      world.stand(replica, replica.pausedUntilNanos());
    }
    old = !old;
    return old ? before : replica.clock().read();
  }
}

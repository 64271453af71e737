package io.tenure.testkit.sim;

import java.util.Optional;
import java.util.function.Consumer;

/** Lets one planned fault happen. */
final class FaultAction {
  private static final long SHORTEST_NANOS = 1_000_000;

  private final World world;
  private final PlannedFault fault;

  FaultAction(World world, PlannedFault fault) {
    this.world = world;
    this.fault = fault;
  }

  void plan() {
    world.agenda().after(fault.at().toNanos(), this::happen);
  }

  private void happen() {
    String kind = fault.kind().name();
    world.note(31L * kind.hashCode() + fault.seat(), () -> "FAULT " + fault);
    world.count("fault " + kind);
    SimulatedStore store = world.store();
    switch (fault.kind()) {
      case PARTITION,
          REQUESTS_CUT,
          ANSWERS_CUT,
          SLOW,
          LOSS,
          DUPLICATES,
          STALE_HEARTBEATS,
          COMPACTION -> {
        seat().weather().begin(fault);
        later(() -> seat().weather().end(fault.kind()));
      }
      case LOST_ANSWER -> seat().weather().loseAnswer();
      case STALLED_ANSWER -> seat().weather().stall(fault);
      case STORE_RESTART -> restart(store);
      case LEADER_CHANGE -> {
        if (world.setup().profile().hasLeader()) {
          store.changeLeader();
        }
      }
      case WATCHES_CANCELLED -> process(replica -> store.disruptWatches(Optional.of(replica)));
      case PAUSE -> process(replica -> replica.pause(fault.lasts().toNanos()));
      case PAUSE_AT_THE_CLOCK -> seat().weather().pauseAtClock(fault);
      case CRASH -> {
        seat().crash();
        later(() -> seat().begin());
      }
      case ORDERLY_STOP -> {
        seat().stop();
        later(() -> seat().begin());
      }
      case SESSION_KILLED -> process(store::kill);
      case THEFT -> store.steal(fault.amount());
      case CLOCK_RATE -> process(this::spoilClock);
      case CLOCK_STOPPED -> process(this::suspend);
    }
  }

  private void restart(SimulatedStore store) {
    if (store.isUp()) {
      store.goDown();
      // A store that was away for minutes would leave nothing to see of the rest.
      world.agenda().after(fault.lasts().toNanos() / 8, store::comeUp);
    }
  }

  /** Up to half as fast or half as fast again. */
  private void spoilClock(Replica replica) {
    replica.distrustClock();
    replica.clock().rate((long) ((fault.amount() - 0.5) * 1_000_000));
  }

  private void suspend(Replica replica) {
    replica.distrustClock();
    replica.clock().stop();
    replica.pause(fault.lasts().toNanos());
    later(() -> replica.clock().go());
  }

  private void later(Runnable end) {
    long lasts = Math.max(fault.lasts().toNanos(), SHORTEST_NANOS);
    world.agenda().after(lasts, end);
  }

  private void process(Consumer<Replica> effect) {
    Replica replica = seat().present();
    if (replica != null) {
      effect.accept(replica);
    }
  }

  private Seat seat() {
    return world.seats().get(fault.seat() % world.seats().size());
  }
}

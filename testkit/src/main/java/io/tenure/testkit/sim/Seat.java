package io.tenure.testkit.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A place for one process after the other: who crashes or stops is replaced. */
final class Seat {
  private final World world;
  private final int index;
  private final Consumer<Replica> program;
  private final SplittableRandom random;
  private final Weather weather = new Weather();
  private final List<Replica> all = new ArrayList<>();
  private @Nullable Replica present;

  Seat(World world, int index, Consumer<Replica> program, SplittableRandom random) {
    this.world = world;
    this.index = index;
    this.program = program;
    this.random = random;
  }

  int index() {
    return index;
  }

  Weather weather() {
    return weather;
  }

  @Nullable Replica present() {
    return present;
  }

  /** Begins the next process. */
  void begin() {
    if (present != null || world.isEnding()) {
      return;
    }
    Replica replica = new Replica(world, this, world.nextNumber(), random.split());
    present = replica;
    all.add(replica);
    world.note(replica.name() + " begins");
    replica.run("its program", () -> program.accept(replica));
  }

  /** Until when something of the present process may be under way that was held up. */
  long slowUntilNanos() {
    return present == null ? 0 : present.slowUntilNanos();
  }

  void crash() {
    if (present != null) {
      world.note(present.name() + " crashes");
      present.die();
      present = null;
    }
  }

  /** Stops the process in good order, or replaces nothing if it is being stopped. */
  void stop() {
    Replica stopping = present;
    if (stopping != null) {
      present = null;
      world.note(stopping.name() + " stops in good order");
      stopping.close(true);
    }
  }

  /** From now on there are no faults. */
  void heal() {
    weather.clear();
    if (present == null) {
      begin();
    } else {
      present.clock().rate(0);
      present.clock().go();
    }
  }

  /** Ends the seat together with all others. */
  void close() {
    if (present != null) {
      present.close(false);
    }
  }

  boolean isClosed() {
    return all.stream().allMatch(replica -> replica.isDead() || replica.isClosed());
  }

  void requireThreadsEnded() {
    all.stream().filter(replica -> !replica.isDead()).forEach(Replica::requireThreadsEnded);
  }

  void endThreads() {
    all.forEach(Replica::endThreads);
  }

  @Override
  public String toString() {
    return "replica " + index;
  }
}

package io.tenure.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.EnumSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the checks of calm weather may rely on, and what they must not demand. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class CalmTest {
  private static final Duration FAULTS = Duration.ofSeconds(20);

  @Test
  void noFaultGoesOnInCalmWeatherHoweverLateItBegan() {
    Setup setup =
        Simulation.on(StoreProfile.MEMORY)
            .lasting(FAULTS)
            .allowing(EnumSet.of(FaultKind.STALLED_ANSWER, FaultKind.PAUSE_AT_THE_CLOCK));
    AtomicBoolean looked = new AtomicBoolean();

    for (long seed = 1; seed <= 200; seed++) {
      setup.run(
          seed,
          sim -> {
            new LockProgram().accept(sim);
            World world = sim.world();
            world.agenda().after(FAULTS.toNanos() + 1, () -> requireCalm(world, looked));
          });
    }

    assertThat(looked).isTrue();
  }

  private static void requireCalm(World world, AtomicBoolean looked) {
    looked.set(true);
    for (Seat seat : world.seats()) {
      Replica replica = seat.present();
      world.require(
          "the weather is calm",
          seat.weather().requestsPass()
              && seat.weather().answersPass()
              && (replica == null || replica.pausedUntilNanos() <= world.agenda().nowNanos()),
          seat + " is still cut off or paused");
    }
  }

  @Test
  void aHeartbeatHeldUpUntilCalmMayKeepTheSessionOfAProcessThatIsGone() {
    AtomicBoolean heldUp = new AtomicBoolean();

    for (long seed = 1; seed <= 1_000; seed++) {
      Simulation.on(StoreProfile.ETCD)
          .lasting(FAULTS)
          .onlyFaults(-1)
          .run(
              seed,
              sim -> {
                new LockProgram().accept(sim);
                crashWhileSlow(sim.world(), heldUp);
              });
    }

    assertThat(heldUp).as("a schedule in which something is held up for long").isTrue();
  }

  private static void crashWhileSlow(World world, AtomicBoolean heldUp) {
    Seat seat = world.seats().get(0);
    Duration begins = FAULTS.minusSeconds(10);
    PlannedFault slow =
        new PlannedFault(FaultKind.SLOW, begins, FAULTS.minus(begins), seat.index(), 1);
    world.agenda().after(begins.toNanos(), () -> seat.weather().begin(slow));
    world
        .agenda()
        .after(
            FAULTS.toNanos() - 1,
            () -> {
              long slowUntilNanos = seat.present().slowUntilNanos();
              heldUp.compareAndSet(false, slowUntilNanos > FAULTS.plusSeconds(20).toNanos());
              seat.weather().end(FaultKind.SLOW);
              seat.crash();
            });
  }
}

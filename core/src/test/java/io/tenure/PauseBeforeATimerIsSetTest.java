package io.tenure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * A process that stands still between its look at the clock and the timer that it sets by it, and
 * then goes on: whoever holds is told in time all the same.
 */
class PauseBeforeATimerIsSetTest {
  private static final long PAUSE_NANOS = 3 * Stage.MARGIN_NANOS;
  private static final long STEP_NANOS = 100;
  private static final long PROMPT_NANOS = Stage.MARGIN_NANOS / 2;

  @Test
  void anExpiryIsToldInTime() {
    assertToldInTime(stage -> new QueuedLock(stage.context, "a").acquireAsync());
  }

  @Test
  void theEndOfAnAtMostForHoldIsToldInTime() {
    assertToldInTime(
        stage ->
            new QueuedLock(stage.context, "a").atMostFor(Duration.ofNanos(7_000)).acquireAsync());
  }

  /** Tries it with a pause at each of the places where the clock is looked at. */
  private static void assertToldInTime(Function<Stage, CompletableFuture<Lease>> acquire) {
    int look = 0;
    int looks;
    do {
      look++;
      looks = run(look, acquire);
    } while (look < looks);
    assertThat(look).isGreaterThan(5);
  }

  private static int run(int pausedLook, Function<Stage, CompletableFuture<Lease>> acquire) {
    Stage stage = new Stage();
    stage.pauseAfterLook(pausedLook, PAUSE_NANOS);
    CompletableFuture<Lease> acquired = acquire.apply(stage);
    stage.callUsers();
    int looks = stage.looks();
    if (acquired.isCompletedExceptionally() || !acquired.isDone()) {
      return looks;
    }
    Lease lease = acquired.join();
    CompletableFuture<LossReason> lost = lease.lost().toCompletableFuture();
    long overSinceNanos = Long.MAX_VALUE;
    while (!lost.isDone()) {
      if (!lease.isHeld()) {
        overSinceNanos = Math.min(overSinceNanos, stage.nowNanos);
        assertThat(stage.nowNanos - overSinceNanos)
            .as("how late the loss is told after a pause at look %d", pausedLook)
            .isLessThanOrEqualTo(PROMPT_NANOS);
      }
      stage.moveClock(stage.nowNanos + STEP_NANOS);
      stage.callUsers();
    }
    return looks;
  }
}

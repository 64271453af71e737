package io.tenure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A client that is closed just after its session expired there: the store is told, so that nobody
 * waits for the TTL, and only when the reserve is over, which the former holder has for stopping.
 */
class ClosingAfterAnExpiryTest {
  private static final long EXPIRED_NANOS = Stage.USABLE_NANOS;
  private static final long RESERVE_OVER_NANOS = StagedStore.TTL.toNanos();

  private final Stage stage = new Stage();

  @BeforeEach
  void acquire() {
    new QueuedLock(stage.context, "a").acquireAsync();
    assertThat(stage.context.held).hasValue(1);
  }

  @Test
  void theSessionIsClosedAtTheStoreWhenItsReserveIsOver() {
    stage.moveClock(EXPIRED_NANOS);
    stage.closeClient();
    stage.moveClock(RESERVE_OVER_NANOS - 1);
    assertThat(stage.store.standing()).isEqualTo(1);
    assertThat(stage.closed).isNotDone();

    stage.moveClock(RESERVE_OVER_NANOS);
    assertThat(stage.store.standing()).isZero();
    assertThat(stage.closed).isCompleted();
  }

  @Test
  void anExpiryThatOnlyTheCloseNoticesIsOneAllTheSame() {
    stage.nowNanos = EXPIRED_NANOS;
    stage.closeClient();
    assertThat(stage.store.standing()).isEqualTo(1);
    assertThat(stage.closed).isNotDone();

    stage.moveClock(EXPIRED_NANOS + RESERVE_OVER_NANOS - Stage.USABLE_NANOS);
    assertThat(stage.store.standing()).isZero();
    assertThat(stage.closed).isCompleted();
  }

  @Test
  void aSessionThatLivesIsClosedAtOnce() {
    stage.moveClock(EXPIRED_NANOS - 1);
    stage.closeClient();
    assertThat(stage.store.standing()).isZero();
    assertThat(stage.closed).isCompleted();
  }
}

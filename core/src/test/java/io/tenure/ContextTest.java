package io.tenure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.spi.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The parts of one client's context that keep time, wait, and hand over. */
class ContextTest {
  private static final long LEFT_NANOS = 5_000;

  /** The setting of a timer may take so much. */
  private static final long PROMPT_NANOS = Stage.MARGIN_NANOS / 10;

  private final Stage stage = new Stage();
  private final List<String> told = new ArrayList<>();

  private Scheduler.Cancellable whenOver(long untilNanos) {
    return stage.context.whenOver(nowNanos -> untilNanos - nowNanos, () -> told.add("over"));
  }

  @Test
  void whatIsOverIsToldAtItsMoment() {
    whenOver(LEFT_NANOS);

    stage.moveClock(LEFT_NANOS - 1);
    assertThat(told).isEmpty();
    stage.moveClock(LEFT_NANOS);
    assertThat(told).containsExactly("over");
  }

  @Test
  void nobodyIsToldWhenItIsCalledOff() {
    whenOver(LEFT_NANOS).cancel();

    stage.moveClock(LEFT_NANOS);
    assertThat(told).isEmpty();
  }

  @Test
  void aPauseWhileTheTimerIsSetMakesItNoLaterAndIsToldOnce() {
    stage.pauseAfterLook(1, PROMPT_NANOS);

    whenOver(LEFT_NANOS);
    assertThat(stage.looks()).as("twice for each of two timers").isEqualTo(4);

    stage.moveClock(LEFT_NANOS);
    stage.moveClock(2 * LEFT_NANOS);
    assertThat(told).containsExactly("over");
  }

  @Test
  void aShortPauseIsPutUpWith() {
    stage.pauseAfterLook(1, PROMPT_NANOS - 1);

    whenOver(LEFT_NANOS);

    assertThat(stage.looks()).isEqualTo(2);
  }

  @Test
  void whatIsOverAlreadyIsToldAtOnceWithoutAnotherLook() {
    stage.moveClock(LEFT_NANOS + 1);

    whenOver(LEFT_NANOS);
    stage.moveClock(LEFT_NANOS + 1);

    assertThat(told).containsExactly("over");
    assertThat(stage.looks()).isEqualTo(1);
  }

  @Test
  void aNextAttemptComesAfterThePauseThatWasReported() {
    Script script = new Script();
    Throwable cause = new IllegalStateException("for this test");
    Backoff backoff = new Backoff(script.time);

    script.context.retry("it", backoff, cause, () -> told.add("again"));

    assertThat(script.events(CoordinationEvent.Retrying.class))
        .containsExactly(new CoordinationEvent.Retrying("it", Script.PAUSE, cause));
    script.time.pass(Script.PAUSE.minusNanos(1));
    assertThat(told).isEmpty();
    script.time.pass(Duration.ofNanos(1));
    assertThat(told).containsExactly("again");
  }

  @Test
  void usersFuturesEndAsTheInternalOnesDoButInTheirOwnTime() {
    CompletableFuture<String> internal = new CompletableFuture<>();
    CompletableFuture<String> users = new CompletableFuture<>();
    CompletableFuture<String> failing = new CompletableFuture<>();
    stage.context.deliver("a test", internal, users);
    stage.context.deliver("a test", CompletableFuture.failedFuture(new Exception()), failing);

    internal.complete("it");
    assertThat(users).isNotDone();
    stage.callUsers();

    assertThat(users).isCompletedWithValue("it");
    assertThat(failing).isCompletedExceptionally();
  }

  @Test
  void whoWaitsGetsTheValueOrTheFailureAsItWasMeant() throws InterruptedException {
    assertThat(stage.context.await(CompletableFuture.completedFuture("it"))).isEqualTo("it");
    CoordinationException known = new ClientClosedException("for this test");
    assertThatThrownBy(() -> stage.context.await(CompletableFuture.failedFuture(known)))
        .isSameAs(known);
    Exception unknown = new Exception("for this test");
    assertThatThrownBy(() -> stage.context.await(CompletableFuture.failedFuture(unknown)))
        .isInstanceOf(CoordinationException.class)
        .hasRootCause(unknown);
  }

  @Test
  void aBoundedWaitSaysWhetherItWasDone() throws InterruptedException {
    assertThat(stage.context.await(new CompletableFuture<>(), 1)).isFalse();
    assertThat(stage.context.await(CompletableFuture.completedFuture(null), 1)).isTrue();
  }
}

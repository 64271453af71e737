package io.tenure;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Every request ends once: done, or failed with what is known. */
class CallsTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(3);

  private final ManualTime time = new ManualTime();
  private final Lane lane = new Lane();
  private final Calls calls = new Calls(lane, time, TIMEOUT.toNanos());
  private final CompletableFuture<String> answer = new CompletableFuture<>();
  private final List<String> told = new ArrayList<>();
  private StoreException failure;

  private void call(Supplier<CompletionStage<String>> request) {
    lane.execute(
        () ->
            calls.call(
                request,
                value -> told.add("done " + value),
                e -> {
                  failure = e;
                  told.add("failed " + e.outcome());
                },
                value -> told.add("late " + value)));
  }

  @Test
  void anAnswerEndsItInTheLaneAndItsTimeOutIsCalledOff() {
    call(() -> answer);

    lane.execute(
        () -> {
          answer.complete("it");
          told.add("answered");
        });

    assertThat(told).containsExactly("answered", "done it");
    assertThat(time.timers()).isZero();
  }

  @Test
  void noAnswerInTimeIsUnknownAndALateOneIsToldAsSuch() {
    call(() -> answer);

    time.pass(TIMEOUT.minusNanos(1));
    assertThat(told).isEmpty();
    time.pass(Duration.ofNanos(1));
    assertThat(told).containsExactly("failed UNKNOWN");
    assertThat(failure).hasMessage("the store did not answer within 3000 ms");

    answer.complete("it");
    assertThat(told).containsExactly("failed UNKNOWN", "late it");
  }

  @Test
  void aLateAnswerThatNobodyAskedForIsDropped() {
    lane.execute(() -> calls.call(() -> answer, told::add, e -> told.add("failed " + e.outcome())));
    time.pass(TIMEOUT);

    answer.complete("it");

    assertThat(told).containsExactly("failed UNKNOWN");
  }

  @Test
  void aLateFailureIsNoNews() {
    call(() -> answer);
    time.pass(TIMEOUT);

    answer.completeExceptionally(new StoreException(Outcome.REFUSED, "for this test"));

    assertThat(told).containsExactly("failed UNKNOWN");
  }

  @Test
  void aFailureSaysWhatTheBackendKnows() {
    call(() -> answer);

    answer.completeExceptionally(
        new CompletionException(new StoreException(Outcome.NOT_DONE, "for this test")));

    assertThat(told).containsExactly("failed NOT_DONE");
    assertThat(time.timers()).isZero();
  }

  @Test
  void anyOtherFailureIsUnknown() {
    Exception cause = new IllegalStateException("for this test");
    call(() -> answer);

    answer.completeExceptionally(cause);

    assertThat(told).containsExactly("failed UNKNOWN");
    assertThat(failure)
        .hasMessage("the request failed: java.lang.IllegalStateException: for this test")
        .hasCause(cause);
  }

  @Test
  void aCompletionExceptionOfItsOwnIsUnknownToo() {
    assertThat(Calls.storeException(new CompletionException("for this test", null)).outcome())
        .isEqualTo(Outcome.UNKNOWN);
  }

  @Test
  void aBackendThatThrowsFailsTheRequestInTheLane() {
    lane.execute(
        () -> {
          call(
              () -> {
                throw new StoreException(Outcome.REFUSED, "for this test");
              });
          told.add("asked");
        });

    assertThat(told).containsExactly("asked", "failed REFUSED");
    assertThat(time.timers()).isZero();
  }
}

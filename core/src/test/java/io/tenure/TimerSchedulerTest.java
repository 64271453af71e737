package io.tenure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tenure.spi.Scheduler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class TimerSchedulerTest {
  private static final long SHORT_NANOS = Duration.ofMillis(10).toNanos();
  private static final long LONG_NANOS = Duration.ofMinutes(10).toNanos();

  @Test
  void aBoundedWaitEndsInTimeAlthoughTheSchedulerIsClosed() throws InterruptedException {
    Scheduler scheduler = new TimerScheduler("c");
    scheduler.close();

    assertThat(scheduler.await(new CompletableFuture<>(), SHORT_NANOS)).isFalse();
  }

  @Test
  void aBoundedWaitEndsWhenItsFutureDoesHoweverThatIs() throws InterruptedException {
    try (Scheduler scheduler = new TimerScheduler("c")) {
      CompletableFuture<Void> cancelled = new CompletableFuture<>();
      cancelled.cancel(false);

      assertThat(scheduler.await(CompletableFuture.completedFuture(1), 0)).isTrue();
      assertThat(scheduler.await(CompletableFuture.failedFuture(new Exception()), LONG_NANOS))
          .isTrue();
      assertThat(scheduler.await(cancelled, LONG_NANOS)).isTrue();
    }
  }

  @Test
  void aBoundedWaitIsInterrupted() {
    try (Scheduler scheduler = new TimerScheduler("c")) {
      Thread.currentThread().interrupt();

      assertThatExceptionOfType(InterruptedException.class)
          .isThrownBy(() -> scheduler.await(new CompletableFuture<>(), LONG_NANOS));
      assertThat(Thread.interrupted()).isFalse();
    }
  }
}

package io.tenure;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tenure.spi.Scheduler;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
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

  @Test
  void aTaskRunsOnceItsDelayIsOverOnADaemonThreadNamedAfterTheClient() throws Exception {
    try (Scheduler scheduler = new TimerScheduler("c")) {
      long begunAtNanos = System.nanoTime();
      CompletableFuture<Long> ranAtNanos = new CompletableFuture<>();
      CompletableFuture<Thread> thread = new CompletableFuture<>();
      scheduler.schedule(
          () -> {
            thread.complete(Thread.currentThread());
            ranAtNanos.complete(System.nanoTime());
          },
          SHORT_NANOS);

      assertThat(ranAtNanos.get(30, SECONDS) - begunAtNanos).isGreaterThanOrEqualTo(SHORT_NANOS);
      assertThat(thread.get().isDaemon()).isTrue();
      assertThat(thread.get().getName()).isEqualTo("tenure-c-timer");
    }
  }

  @Test
  void tasksRunInTheOrderOfTheirTimes() throws Exception {
    try (Scheduler scheduler = new TimerScheduler("c")) {
      CountDownLatch release = holdUp(scheduler).release();
      List<String> ran = new CopyOnWriteArrayList<>();
      CompletableFuture<Void> last = new CompletableFuture<>();
      scheduler.schedule(() -> last.complete(null), 3 * SHORT_NANOS);
      scheduler.schedule(() -> ran.add("second"), SHORT_NANOS);
      scheduler.schedule(() -> ran.add("first"), -1);
      release.countDown();

      last.get(30, SECONDS);
      assertThat(ran).containsExactly("first", "second");
    }
  }

  @Test
  void aTaskThatWasCalledOffInTimeDoesNotRun() throws Exception {
    try (Scheduler scheduler = new TimerScheduler("c")) {
      CountDownLatch release = holdUp(scheduler).release();
      AtomicBoolean ran = new AtomicBoolean();
      Scheduler.Cancellable task = scheduler.schedule(() -> ran.set(true), 0);
      task.cancel();
      task.cancel();
      CompletableFuture<Void> next = new CompletableFuture<>();
      scheduler.schedule(() -> next.complete(null), 0);
      release.countDown();

      next.get(30, SECONDS);
      assertThat(ran).isFalse();
    }
  }

  @Test
  void callingOffATaskThatRunsDoesNotInterruptIt() throws Exception {
    try (Scheduler scheduler = new TimerScheduler("c")) {
      HeldUp running = holdUp(scheduler);
      running.task().cancel();
      running.release().countDown();

      assertThat(running.interrupted().get(30, SECONDS)).isFalse();
    }
  }

  @Test
  void aTaskThatThrowsIsLoggedAndTheNextOneRuns() throws Exception {
    PrintStream before = System.err;
    ByteArrayOutputStream logged = new ByteArrayOutputStream();
    System.setErr(new PrintStream(logged, true, StandardCharsets.UTF_8));
    try (Scheduler scheduler = new TimerScheduler("c")) {
      scheduler.schedule(
          () -> {
            throw new AssertionError("thrown for this test");
          },
          0);
      CompletableFuture<Void> next = new CompletableFuture<>();
      scheduler.schedule(() -> next.complete(null), 0);
      next.get(30, SECONDS);
    } finally {
      System.setErr(before);
    }

    assertThat(logged.toString(StandardCharsets.UTF_8)).contains("thrown for this test");
  }

  @Test
  void afterItsEndNothingRunsAnyMoreAndNobodyIsRefused() throws Exception {
    Scheduler scheduler = new TimerScheduler("c");
    HeldUp running = holdUp(scheduler);
    AtomicBoolean ran = new AtomicBoolean();
    scheduler.schedule(() -> ran.set(true), 0);

    scheduler.close();
    scheduler.close();
    scheduler.schedule(() -> ran.set(true), 0).cancel();
    scheduler.schedule(() -> ran.set(true), 0);
    running.release().countDown();

    running.thread().join(Duration.ofSeconds(30).toMillis());
    assertThat(running.thread().isAlive()).isFalse();
    assertThat(ran).isFalse();
  }

  @Test
  void chanceIsAtLeastZeroAndLessThanOneAndNamesAreNotGivenTwice() {
    try (Scheduler scheduler = new TimerScheduler("c")) {
      assertThat(Stream.generate(scheduler::random).limit(1_000))
          .allMatch(number -> number >= 0 && number < 1)
          .doesNotHaveDuplicates();
      assertThat(Stream.generate(scheduler::uniqueId).limit(1_000))
          .allMatch(id -> id.matches("[0-9a-f]{32}"))
          .doesNotHaveDuplicates();
    }
  }

  /** A task that keeps the scheduler's thread until it is released. */
  private record HeldUp(
      Thread thread,
      Scheduler.Cancellable task,
      CountDownLatch release,
      CompletableFuture<Boolean> interrupted) {}

  private static HeldUp holdUp(Scheduler scheduler) throws Exception {
    CompletableFuture<Thread> thread = new CompletableFuture<>();
    CountDownLatch release = new CountDownLatch(1);
    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    Scheduler.Cancellable task =
        scheduler.schedule(
            () -> {
              thread.complete(Thread.currentThread());
              try {
                release.await();
                interrupted.complete(Thread.interrupted());
              } catch (InterruptedException e) {
                interrupted.complete(true);
              }
            },
            0);
    return new HeldUp(thread.get(30, SECONDS), task, release, interrupted);
  }
}

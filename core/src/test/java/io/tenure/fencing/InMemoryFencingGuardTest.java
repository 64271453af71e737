package io.tenure.fencing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.tenure.FencingToken;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InMemoryFencingGuardTest {
  private static final String CACHE = "cache/7";

  private final InMemoryFencingGuard guard = new InMemoryFencingGuard();
  private final ExecutorService otherThreads = Executors.newCachedThreadPool();

  @AfterEach
  void stop() throws InterruptedException {
    otherThreads.shutdownNow();
    assertThat(otherThreads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void runsTheWriteOfAnAdmittedTokenOnTheCallingThreadAndReturnsItsResult() {
    Thread writer = guard.admit(CACHE, FencingToken.of(1), Thread::currentThread);
    assertThat(writer).isSameAs(Thread.currentThread());
    assertThat(guard.highWaterMark(CACHE)).contains(FencingToken.of(1));
  }

  @Test
  void refusesAnOlderTokenAndDoesNotRunItsWrite() {
    List<String> written = new ArrayList<>();
    guard.admit(CACHE, FencingToken.of(2), () -> written.add("new"));
    assertThatExceptionOfType(StaleTokenException.class)
        .isThrownBy(() -> guard.admit(CACHE, FencingToken.of(1), () -> written.add("old")))
        .satisfies(
            refusal -> {
              assertThat(refusal.resource()).isEqualTo(CACHE);
              assertThat(refusal.presented()).isEqualTo(FencingToken.of(1));
              assertThat(refusal.highWaterMark()).isEqualTo(FencingToken.of(2));
            });
    assertThat(written).containsExactly("new");
  }

  @Test
  void runsANumberedWriteOnceAndTellsWhyNotAgain() {
    List<String> written = new ArrayList<>();
    FencingToken token = FencingToken.of(2);
    assertThat(guard.admitOnce(CACHE, token, 2, () -> written.add("second")))
        .isEqualTo(Admission.APPLY);
    assertThat(guard.admitOnce(CACHE, token, 2, () -> written.add("again")))
        .isEqualTo(Admission.APPLIED_BEFORE);
    assertThat(guard.admitOnce(CACHE, token, 1, () -> written.add("late")))
        .isEqualTo(Admission.OVERTAKEN);
    assertThat(guard.admitOnce(CACHE, FencingToken.of(3), 1, () -> written.add("newer")))
        .isEqualTo(Admission.APPLY);
    assertThatExceptionOfType(StaleTokenException.class)
        .isThrownBy(() -> guard.admitOnce(CACHE, token, 3, () -> written.add("stale")));
    assertThat(written).containsExactly("second", "newer");
  }

  @Test
  void usesTheNumberUpWhenTheWriteThrows() {
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                guard.admitOnce(
                    CACHE,
                    FencingToken.of(2),
                    1,
                    () -> {
                      throw new IllegalStateException("planned");
                    }))
        .withMessage("planned");
    assertThat(guard.admitOnce(CACHE, FencingToken.of(2), 1, () -> {}))
        .isEqualTo(Admission.APPLIED_BEFORE);
  }

  @Test
  void admitsAnEqualTokenAgain() {
    guard.admit(CACHE, FencingToken.of(2));
    guard.seal(CACHE, FencingToken.of(2));
    assertThat(guard.<String>admit(CACHE, FencingToken.of(2), () -> "again")).isEqualTo("again");
  }

  @Test
  void refusesTheOldWriteFromTheSealOn() {
    guard.admit(CACHE, FencingToken.of(1));
    guard.seal(CACHE, FencingToken.of(2));
    assertRefused(1);
  }

  @Test
  void refusesToSealWithAnOlderToken() {
    guard.seal(CACHE, FencingToken.of(2));
    assertThatExceptionOfType(StaleTokenException.class)
        .isThrownBy(() -> guard.seal(CACHE, FencingToken.of(1)));
  }

  @Test
  void keepsResourcesApart() {
    guard.seal(CACHE, FencingToken.of(9));
    guard.admit("cache/8", FencingToken.of(1));
    assertThat(guard.highWaterMark("cache/8")).contains(FencingToken.of(1));
    assertThat(guard.highWaterMark("cache/9")).isEmpty();
  }

  @Test
  void keepsTheMarkWhenTheWriteThrows() {
    IllegalArgumentException broken = new IllegalArgumentException("broken write");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                guard.admit(
                    CACHE,
                    FencingToken.of(2),
                    () -> {
                      throw broken;
                    }))
        .isSameAs(broken);
    assertRefused(1);
    guard.admit(CACHE, FencingToken.of(2));
  }

  @Test
  void refusesToAdmitToAResourceFromInsideItsOwnWrite() {
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                guard.admit(
                    CACHE,
                    FencingToken.of(1),
                    () -> guard.<String>admit(CACHE, FencingToken.of(2), () -> "inner")))
        .withMessage(
            "this thread is inside a write of resource 'cache/7', and a write cannot seal or admit"
                + " to its own resource");
    assertThat(guard.highWaterMark(CACHE)).contains(FencingToken.of(1));
  }

  @Test
  void letsTheNewerTokenWaitForTheOlderWriteAndHoldsUpNoOtherResource() throws Exception {
    CountDownLatch writing = new CountDownLatch(1);
    CountDownLatch mayFinish = new CountDownLatch(1);
    List<String> written = new ArrayList<>();
    Future<?> older =
        otherThreads.submit(
            () ->
                guard.admit(
                    CACHE,
                    FencingToken.of(1),
                    () -> {
                      writing.countDown();
                      await(mayFinish);
                      return written.add("old");
                    }));
    await(writing);
    Thread newer =
        new Thread(() -> guard.admit(CACHE, FencingToken.of(2), () -> written.add("new")));
    newer.start();
    awaitBlockedOrDone(newer);

    guard.admit("cache/8", FencingToken.of(1));
    assertThat(guard.highWaterMark(CACHE)).contains(FencingToken.of(1));
    assertThat(written).isEmpty();
    mayFinish.countDown();
    older.get(20, TimeUnit.SECONDS);
    newer.join(TimeUnit.SECONDS.toMillis(20));

    assertThat(written).containsExactly("old", "new");
    assertRefused(1);
  }

  @Test
  void refusesABadName() {
    for (String name : new String[] {"", "a\u0000b", "x".repeat(256)}) {
      assertThatIllegalArgumentException().isThrownBy(() -> guard.admit(name, FencingToken.of(1)));
      assertThatIllegalArgumentException().isThrownBy(() -> guard.seal(name, FencingToken.of(1)));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> guard.admit(name, FencingToken.of(1), () -> "write"));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> guard.admitOnce(name, FencingToken.of(1), 1, () -> {}));
      assertThatIllegalArgumentException().isThrownBy(() -> guard.highWaterMark(name));
    }
  }

  private void assertRefused(long token) {
    assertThatExceptionOfType(StaleTokenException.class)
        .isThrownBy(() -> guard.admit(CACHE, FencingToken.of(token), () -> "stale"));
  }

  private static void awaitBlockedOrDone(Thread thread) {
    long start = System.nanoTime();
    while (thread.getState() != Thread.State.WAITING
        && thread.getState() != Thread.State.TERMINATED) {
      assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(20));
      Thread.onSpinWait();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted while waiting", e);
    }
  }
}

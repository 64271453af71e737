package io.tenure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A callback is not lost because the machine has no thread left to give. */
class FallbackThreadTest {
  private final ManualTime time = new ManualTime();
  private volatile boolean exhausted;
  private final FallbackThread fallback = new FallbackThread(this::thread, 5, time);
  private final Dispatcher dispatcher = new Dispatcher(FallbackThreadTest::refuse, fallback);
  private final BlockingQueue<String> calls = new LinkedBlockingQueue<>();

  private Thread thread(Runnable task) {
    if (exhausted) {
      throw new OutOfMemoryError("unable to create native thread, for this test");
    }
    return new Thread(task, "fallback");
  }

  private static void refuse(Runnable task) {
    throw new RejectedExecutionException("full");
  }

  @AfterEach
  void close() {
    dispatcher.close();
  }

  private String next() throws InterruptedException {
    return calls.poll(30, TimeUnit.SECONDS);
  }

  @Test
  void aListenerIsCalledAsSoonAsThereIsAThread() throws InterruptedException {
    Dispatcher.Serial listener = dispatcher.serial(this, "listener");
    exhausted = true;
    listener.execute(() -> calls.add("first"));
    time.pass(Duration.ofSeconds(10));
    listener.execute(() -> calls.add("second"));
    assertThat(calls).isEmpty();

    exhausted = false;
    time.pass(Duration.ofSeconds(1));
    assertThat(next()).isEqualTo("first");
    assertThat(next()).isEqualTo("second");
    listener.execute(() -> calls.add("third"));
    assertThat(next()).isEqualTo("third");
  }

  @Test
  void aCallThatWaitsForAThreadIsMadeWhenTheClientIsClosed() throws InterruptedException {
    exhausted = true;
    dispatcher.execute("call", () -> calls.add("call"));

    exhausted = false;
    dispatcher.close();
    assertThat(next()).isEqualTo("call");
  }

  @Test
  void aCallThatFindsNoThreadAfterTheEndHarmsNobody() throws InterruptedException {
    dispatcher.close();
    exhausted = true;
    assertThatCode(() -> dispatcher.execute("lost", () -> calls.add("lost")))
        .doesNotThrowAnyException();

    exhausted = false;
    dispatcher.execute("late", () -> calls.add("late"));
    assertThat(next()).isEqualTo("late");
    assertThat(calls).isEmpty();
  }

  @Test
  void noTwoCallsOfAListenerMeetWhenThreadsComeAndGo() throws InterruptedException {
    Dispatcher.Serial listener = dispatcher.serial(this, "listener");
    List<Integer> made = new CopyOnWriteArrayList<>();
    CountDownLatch done = new CountDownLatch(100);
    for (int i = 0; i < 100; i++) {
      exhausted = i % 3 == 0;
      int number = i;
      listener.execute(
          () -> {
            made.add(number);
            done.countDown();
          });
      exhausted = false;
      time.pass(Duration.ofSeconds(1));
    }

    assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(made).isSorted().hasSize(100);
  }
}

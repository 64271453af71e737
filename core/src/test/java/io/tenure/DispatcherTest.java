package io.tenure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DispatcherTest {
  private final ManualTime time = new ManualTime();
  private Dispatcher dispatcher = new Dispatcher("test", Optional.empty(), time);

  @AfterEach
  void close() {
    dispatcher.close();
  }

  private void use(Executor executor) {
    dispatcher.close();
    dispatcher = new Dispatcher("test", Optional.of(executor), time);
  }

  @Test
  void callsOfOneListenerComeInOrderAndOneAtATime() throws InterruptedException {
    Dispatcher.Serial serial = dispatcher.serial(this, "listener");
    List<Integer> order = new CopyOnWriteArrayList<>();
    CountDownLatch done = new CountDownLatch(1_000);

    for (int i = 0; i < 1_000; i++) {
      int number = i;
      serial.execute(
          () -> {
            order.add(number);
            done.countDown();
          });
    }

    assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(order).isSorted().hasSize(1_000);
  }

  @Test
  void aListenerThatBlocksDelaysNoOther() throws InterruptedException {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch other = new CountDownLatch(1);
    dispatcher.serial(this, "slow").execute(() -> awaitQuietly(release));

    dispatcher.serial(this, "quick").execute(other::countDown);

    assertThat(other.await(30, TimeUnit.SECONDS)).isTrue();
    release.countDown();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aListenerThatThrowsIsReportedAndGetsTheNextCall() throws InterruptedException {
    BlockingQueue<String> failures = new LinkedBlockingQueue<>();
    dispatcher.onFailure((where, cause) -> failures.add(where + ": " + cause.getMessage()));
    Dispatcher.Serial serial = dispatcher.serial(this, "listener");
    CountDownLatch next = new CountDownLatch(1);

    serial.execute(
        () -> {
          throw new IllegalStateException("for this test");
        });
    serial.execute(next::countDown);

    assertThat(next.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(failures.poll(30, TimeUnit.SECONDS)).isEqualTo("listener: for this test");
  }

  @Test
  void anExecutorThatRefusesLosesNoCall() throws InterruptedException {
    use(
        task -> {
          throw new RejectedExecutionException("full");
        });
    CountDownLatch called = new CountDownLatch(1);

    dispatcher.serial(this, "listener").execute(called::countDown);

    assertThat(called.await(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void anExecutorThatRefusesLosesNoneOfManyCallsOnBehalfOfNobody() throws InterruptedException {
    use(
        task -> {
          throw new RejectedExecutionException("full");
        });
    CountDownLatch called = new CountDownLatch(100);

    for (int i = 0; i < 100; i++) {
      dispatcher.execute("call", called::countDown);
    }

    assertThat(called.await(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void anExecutorThatTakesACallAndRefusesItAllTheSameMakesItOnce() throws InterruptedException {
    Queue<Runnable> taken = new ConcurrentLinkedQueue<>();
    use(
        task -> {
          taken.add(task);
          throw new RejectedExecutionException("no thread can be started");
        });
    AtomicInteger calls = new AtomicInteger();
    CountDownLatch called = new CountDownLatch(1);

    dispatcher.execute(
        "call",
        () -> {
          calls.incrementAndGet();
          called.countDown();
        });
    assertThat(called.await(30, TimeUnit.SECONDS)).isTrue();
    taken.remove().run();

    assertThat(calls).hasValue(1);
  }

  @Test
  void aListenerIsHandedOverOnceHoweverManyCallsWaitForIt() {
    Queue<Runnable> taken = new ConcurrentLinkedQueue<>();
    use(taken::add);
    Dispatcher.Serial serial = dispatcher.serial(this, "listener");
    List<String> calls = new CopyOnWriteArrayList<>();

    serial.execute(() -> calls.add("first"));
    serial.execute(() -> calls.add("second"));
    assertThat(taken).as("two threads would make its calls side by side").hasSize(1);
    taken.remove().run();
    assertThat(calls).containsExactly("first", "second");

    serial.execute(() -> calls.add("third"));
    assertThat(taken).hasSize(1);
    taken.remove().run();
    assertThat(calls).containsExactly("first", "second", "third");
  }

  @Test
  void aCallThatAListenerGivesItselfIsMadeAfterItHasReturned() {
    Queue<Runnable> taken = new ConcurrentLinkedQueue<>();
    use(taken::add);
    Dispatcher.Serial serial = dispatcher.serial(this, "listener");
    List<String> calls = new CopyOnWriteArrayList<>();

    serial.execute(
        () -> {
          serial.execute(() -> calls.add("second"));
          calls.add("first");
        });
    taken.remove().run();

    assertThat(calls).containsExactly("first", "second");
    assertThat(taken).isEmpty();
  }

  @Test
  void anExecutorThatRunsTasksInTheGiversThreadDoesNotGetThatThread() throws InterruptedException {
    use(Runnable::run);
    BlockingQueue<Thread> callers = new LinkedBlockingQueue<>();

    dispatcher.serial(this, "listener").execute(() -> callers.add(Thread.currentThread()));

    assertThat(callers.poll(30, TimeUnit.SECONDS)).isNotNull().isNotEqualTo(Thread.currentThread());
  }

  @Test
  void aClosedListenerGetsNoMoreCalls() throws InterruptedException {
    Dispatcher.Serial serial = dispatcher.serial(this, "listener");
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    List<String> calls = new CopyOnWriteArrayList<>();
    CountDownLatch afterwards = new CountDownLatch(1);
    serial.execute(
        () -> {
          begun.countDown();
          awaitQuietly(release);
          calls.add("running");
          afterwards.countDown();
        });
    assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
    serial.execute(() -> calls.add("waiting"));

    serial.close();
    serial.execute(() -> calls.add("late"));
    release.countDown();

    assertThat(afterwards.await(30, TimeUnit.SECONDS)).isTrue();
    dispatcher.close();
    assertThat(calls).containsExactly("running");
  }

  @Test
  void aCallThatComesAfterTheEndIsStillMade() throws InterruptedException {
    CountDownLatch called = new CountDownLatch(1);
    dispatcher.close();

    dispatcher.execute("late", called::countDown);

    assertThat(called.await(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void onlyACallbackIsCalledOnBehalfOfItsOwner() throws InterruptedException {
    BlockingQueue<Boolean> seen = new LinkedBlockingQueue<>();
    Object other = new Object();

    dispatcher
        .serial(this, "listener")
        .execute(
            () -> {
              seen.add(dispatcher.isCallingFor(this));
              seen.add(dispatcher.isCallingFor(other));
            });

    assertThat(seen.poll(30, TimeUnit.SECONDS)).isTrue();
    assertThat(seen.poll(30, TimeUnit.SECONDS)).isFalse();
    assertThat(dispatcher.isCallingFor(this)).isFalse();
  }
}

package io.tenure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class DispatcherConcurrencyTest {
  private static final int ROUNDS = 40;
  private static final int EACH = 50;

  @Test
  void callsToOneListenerAreAllMadeOneAtATime() {
    Interleavings.explore(Scenario.class, 3, 3, 3);
  }

  @Test
  void whileAListenerIsClosedItsCallsAreMadeOneAtATimeAndThenNoMore() {
    Interleavings.explore(ClosedScenario.class, 3, 3, 3);
  }

  /** Threads give calls to one listener while others run what the users' executor was given. */
  public static class Scenario {
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    final Dispatcher.Serial listener =
        new Dispatcher("test", Optional.of(tasks::add), new ManualTime()).serial(this, "listener");
    final AtomicInteger given = new AtomicInteger();
    int made;
    boolean overlapped;
    private boolean inside;

    @Operation
    public void give() {
      given.incrementAndGet();
      listener.execute(this::callback);
    }

    @Operation
    public void work() {
      Runnable task = tasks.poll();
      if (task != null) {
        task.run();
      }
    }

    void callback() {
      overlapped |= inside;
      inside = true;
      made++;
      inside = false;
    }

    @Validate
    public void allWereMade() {
      for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
        task.run();
      }
      if (overlapped || made != expected()) {
        throw new AssertionError(
            given + " were given, " + made + " made, at the same time: " + overlapped);
      }
    }

    int expected() {
      return given.get();
    }
  }

  /** The same, and at some moment the listener is closed. */
  public static final class ClosedScenario extends Scenario {
    private volatile boolean closed;
    private int madeLate;

    @Operation(runOnce = true)
    public void close() {
      listener.close();
      closed = true;
    }

    @Override
    void callback() {
      if (closed) {
        madeLate++;
      }
      super.callback();
    }

    /** What had begun when the listener was closed may still be made, and that is one at most. */
    @Override
    int expected() {
      if (madeLate > 1) {
        throw new AssertionError(madeLate + " were made after the end");
      }
      return closed ? made : given.get();
    }
  }

  @Test
  void anExecutorThatRefusesOrTakesTheGiversThreadLosesAndReordersNothing() throws Exception {
    ExecutorService users = Executors.newFixedThreadPool(2);
    AtomicInteger turn = new AtomicInteger();
    Dispatcher dispatcher =
        new Dispatcher(
            "test",
            Optional.of(
                task -> {
                  switch (turn.incrementAndGet() % 3) {
                    case 0 -> throw new RejectedExecutionException("full");
                    case 1 -> task.run();
                    default -> users.execute(task);
                  }
                }),
            new ManualTime());
    try {
      Race.run(ROUNDS, round -> listenToThreeGivers(dispatcher));
    } finally {
      dispatcher.close();
      users.shutdown();
    }
  }

  private static Race.Round listenToThreeGivers(Dispatcher dispatcher) {
    Dispatcher.Serial listener = dispatcher.serial(dispatcher, "listener");
    CountDownLatch left = new CountDownLatch(3 * EACH);
    List<Integer> made = new ArrayList<>();
    AtomicBoolean inside = new AtomicBoolean();
    AtomicBoolean overlapped = new AtomicBoolean();
    List<Runnable> givers = new ArrayList<>();
    for (int giver = 0; giver < 3; giver++) {
      int first = giver * EACH;
      givers.add(
          () -> {
            for (int i = 0; i < EACH; i++) {
              int number = first + i;
              listener.execute(
                  () -> {
                    overlapped.compareAndSet(false, !inside.compareAndSet(false, true));
                    made.add(number);
                    inside.set(false);
                    left.countDown();
                  });
            }
          });
    }
    return new Race.Round(
        givers,
        () -> {
          assertThat(await(left)).as("all were made").isTrue();
          assertThat(overlapped).isFalse();
          for (int giver = 0; giver < 3; giver++) {
            int of = giver;
            assertThat(made.stream().filter(number -> number / EACH == of)).isSorted();
          }
        });
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}

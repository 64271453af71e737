package io.tenure;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class LaneConcurrencyTest {
  @Test
  void runsEveryTaskOnceAndOneAtATimeInTheOrderOfItsGiver() {
    Interleavings.explore(Real.class, 3, 3, 3);
  }

  @Test
  void aLaneThatLooksAtItsQueueOnlyOnceLosesATask() {
    assertThatThrownBy(() -> Interleavings.explore(LooksOnce.class, 3, 2, 3))
        .isInstanceOf(LincheckAssertionError.class)
        .hasMessageContaining("not run");
  }

  /** What the lane's tasks leave behind has no synchronisation of its own. */
  @Param(name = "giver", gen = ThreadIdGen.class)
  public abstract static class Scenario {
    private final Executor lane;
    private final AtomicInteger given = new AtomicInteger();
    private final List<Integer> ran = new ArrayList<>();
    private final int[] newest = new int[8];
    private boolean inside;

    Scenario(Executor lane) {
      this.lane = lane;
    }

    @Operation
    public void give(@Param(name = "giver") int giver) {
      int number = given.incrementAndGet();
      lane.execute(() -> run(giver, number));
    }

    @Operation
    public void giveOneThatGivesAnother(@Param(name = "giver") int giver) {
      int outer = given.incrementAndGet();
      lane.execute(
          () -> {
            int inner = given.incrementAndGet();
            lane.execute(() -> run(0, inner));
            run(giver, outer);
          });
    }

    private void run(int giver, int number) {
      if (inside) {
        throw new AssertionError("two tasks at a time");
      }
      inside = true;
      if (giver > 0 && newest[giver] > number) {
        ran.add(-1);
      }
      newest[giver] = number;
      ran.add(number);
      inside = false;
    }

    @Validate
    public void allRan() {
      if (inside || ran.contains(-1)) {
        throw new AssertionError("overlapped or out of order: " + ran);
      }
      if (ran.size() != given.get()) {
        throw new AssertionError(given.get() + " were given, and some were not run: " + ran);
      }
    }
  }

  public static final class Real extends Scenario {
    public Real() {
      super(new Lane());
    }
  }

  /** As the lane, without its second look. */
  public static final class LooksOnce extends Scenario {
    public LooksOnce() {
      super(new OneLook());
    }
  }

  private static final class OneLook implements Executor {
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicReference<Thread> runner = new AtomicReference<>();

    @Override
    public void execute(Runnable task) {
      tasks.add(task);
      if (runner.compareAndSet(null, Thread.currentThread())) {
        for (Runnable next = tasks.poll(); next != null; next = tasks.poll()) {
          next.run();
        }
        runner.set(null);
      }
    }
  }
}

package io.tenure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LaneTest {
  private final Lane lane = new Lane();

  @Test
  void runsATaskInTheCallersThreadWhenItIsIdle() {
    List<Thread> ran = new ArrayList<>();

    lane.execute(() -> ran.add(Thread.currentThread()));

    assertThat(ran).containsExactly(Thread.currentThread());
  }

  @Test
  void aTaskGivenByATaskRunsAfterIt() {
    List<String> order = new ArrayList<>();

    lane.execute(
        () -> {
          lane.execute(() -> order.add("second"));
          order.add("first");
        });

    assertThat(order).containsExactly("first", "second");
  }

  @Test
  void aTaskThatThrowsEndsNothing() {
    List<String> order = new ArrayList<>();

    lane.execute(
        () -> {
          lane.execute(() -> order.add("next"));
          throw new IllegalStateException("for this test");
        });
    lane.execute(() -> order.add("later"));

    assertThat(order).containsExactly("next", "later");
  }

  @Test
  void noTaskIsLostAndNoneOverlapsWhenManyThreadsGiveThem() throws InterruptedException {
    int threads = 8;
    int each = 20_000;
    int[] unguarded = {0};
    CountDownLatch done = new CountDownLatch(threads * each);
    List<Thread> givers = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      Thread giver =
          new Thread(
              () -> {
                for (int n = 0; n < each; n++) {
                  lane.execute(
                      () -> {
                        unguarded[0]++;
                        done.countDown();
                      });
                }
              });
      givers.add(giver);
      giver.start();
    }

    assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    for (Thread giver : givers) {
      giver.join();
    }
    int[] seen = {0};
    lane.execute(() -> seen[0] = unguarded[0]);
    assertThat(seen[0]).isEqualTo(threads * each);
  }
}

package io.tenure.consul;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What other tests see of the servers through {@link Operator}. */
class OperatorTest extends ConsulTest {
  private static final int AT_ONCE = 8;
  private static final int ROUNDS = 10;

  /**
   * They take their time while the servers write, and are under way then, but end by themselves.
   */
  @Test
  void requestsThatAServerIsSlowToAnswerAreNotHeldBack() throws Exception {
    String key = "/v1/kv/" + namespace + "/large";
    String large = "x".repeat(400_000);
    ExecutorService others = Executors.newFixedThreadPool(2 * AT_ONCE);
    closeLater(others::shutdownNow);
    operator().put(key, large);
    awaitTheEndOfFormerQueries();
    List<Future<?>> traffic = new ArrayList<>();
    for (int i = 0; i < AT_ONCE; i++) {
      traffic.add(others.submit(() -> repeat(() -> operator().put(key, large))));
      traffic.add(others.submit(() -> repeat(() -> operator().get(key + "?consistent"))));
    }

    List<Integer> heldBack = new ArrayList<>();
    do {
      heldBack.add(operator().heldBack());
    } while (!traffic.stream().allMatch(Future::isDone));
    for (Future<?> each : traffic) {
      each.get();
    }
    operator().delete(key);
    assertThat(heldBack).containsOnly(0);
  }

  private static void repeat(Runnable request) {
    for (int i = 0; i < ROUNDS; i++) {
      request.run();
    }
  }
}

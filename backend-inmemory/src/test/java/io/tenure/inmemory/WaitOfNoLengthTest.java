package io.tenure.inmemory;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.CoordinationClient;
import io.tenure.LeaderLatch;
import io.tenure.spi.Scheduler;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Whoever asks with no patience at all still sees what is so already. */
class WaitOfNoLengthTest {
  /** A scheduler whose timers are never later than they must be: at once, if that is allowed. */
  private static final class Prompt implements Scheduler {
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

    @Override
    public Cancellable schedule(Runnable task, long delayNanos) {
      if (delayNanos <= 0) {
        task.run();
        return () -> {};
      }
      var future = timer.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
      return () -> future.cancel(false);
    }

    @Override
    public double random() {
      return 0;
    }

    @Override
    public void close() {
      timer.shutdownNow();
    }
  }

  @Test
  void aLatchThatLeadsSaysSo() throws InterruptedException {
    try (CoordinationClient client =
            CoordinationClient.builder(InMemoryBackend.create()).scheduler(new Prompt()).build();
        LeaderLatch latch = client.leaderLatch("e").start()) {
      latch.await();

      assertThat(latch.await(Duration.ZERO)).isPresent();
    }
  }
}

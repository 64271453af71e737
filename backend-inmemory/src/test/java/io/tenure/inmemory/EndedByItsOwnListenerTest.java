package io.tenure.inmemory;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.CoordinationClient;
import io.tenure.Health;
import io.tenure.LeaderLatch;
import io.tenure.LeadershipListener;
import io.tenure.Lease;
import io.tenure.testkit.Eventually;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A listener that ends the turn it was told of does not wait for itself. */
class EndedByItsOwnListenerTest {
  /** Longer than anybody waits here: a drain that waits for its own listener is seen. */
  private static final Duration DRAIN = Duration.ofDays(1);

  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

  /** Ends the first turn as soon as it begins, and writes down what it is told. */
  private abstract class Ending implements LeadershipListener {
    private final AtomicBoolean ended = new AtomicBoolean();

    abstract void end() throws InterruptedException;

    @Override
    public void elected(Lease lease) {
      told.add("elected");
      if (!ended.compareAndSet(false, true)) {
        return;
      }
      try {
        end();
        told.add("returned");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void resigning(Lease lease) {
      told.add("resigning");
    }

    @Override
    public void released(Lease lease) {
      told.add("released");
    }
  }

  private CoordinationClient client() {
    return CoordinationClient.create(InMemoryBackend.create());
  }

  private void assertTold(String... expected) throws InterruptedException {
    for (String each : expected) {
      assertThat(told.poll(30, TimeUnit.SECONDS)).isEqualTo(each);
    }
  }

  @Test
  void aLatchThatItsListenerCloses() throws InterruptedException {
    try (CoordinationClient client = client()) {
      LeaderLatch latch = client.leaderLatch("e").drainWithin(DRAIN);
      latch.addListener(
          new Ending() {
            @Override
            void end() {
              latch.close();
            }
          });
      latch.start();

      assertTold("elected", "returned", "resigning", "released");
      assertThat(client.leaderLatch("e").start().await().isHeld()).isTrue();
    }
  }

  @Test
  void aTurnThatItsListenerResigns() throws InterruptedException {
    try (CoordinationClient client = client()) {
      LeaderLatch latch = client.leaderLatch("e").drainWithin(DRAIN);
      latch.addListener(
          new Ending() {
            @Override
            void end() throws InterruptedException {
              latch.resign();
            }
          });
      latch.start();

      assertTold("elected", "returned", "resigning", "released", "elected");
      latch.close();
    }
  }

  @Test
  void aClientThatItsListenerCloses() throws InterruptedException {
    InMemoryStore store = InMemoryStore.create();
    CoordinationClient client = CoordinationClient.create(InMemoryBackend.on(store));
    LeaderLatch latch = client.leaderLatch("e").drainWithin(DRAIN);
    latch.addListener(
        new Ending() {
          @Override
          void end() {
            client.close();
          }
        });
    latch.start();

    assertTold("elected", "returned", "resigning", "released");
    Eventually.eventually(() -> assertThat(store.sessions()).isEmpty());
    assertThat(client.health().status()).isEqualTo(Health.Status.CLOSED);
  }
}

package io.tenure;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class HeldLeaseConcurrencyTest {
  private static final int ROUNDS = 200;
  private static final long LIMIT_NANOS = 2 * Stage.RENEW_EVERY_NANOS;

  @Test
  void aReleaseAndALossEndItOnce() throws Exception {
    Race.run(
        ROUNDS,
        round -> {
          Holding it = new Holding(Long.MAX_VALUE);
          return it.round(it::release, it::sessionIsGone, it::look);
        });
  }

  @Test
  void aReleaseAndTheClosingOfTheClientEndItOnce() throws Exception {
    Race.run(
        ROUNDS,
        round -> {
          Holding it = new Holding(Long.MAX_VALUE);
          return it.round(it::release, it::clientIsClosed, it::look);
        });
  }

  @Test
  void aReleaseAndItsDeadlineEndItOnce() throws Exception {
    Race.run(
        ROUNDS,
        round -> {
          Holding it = new Holding(Long.MAX_VALUE);
          return it.round(it::release, it::timeRunsOut, it::look);
        });
  }

  @Test
  void aReleaseAndItsLimitEndItOnce() throws Exception {
    Race.run(
        ROUNDS,
        round -> {
          Holding it = new Holding(LIMIT_NANOS);
          return it.round(it::release, it::limitPasses, it::look);
        });
  }

  @Test
  void aRenewalThatComesInLateMakesNothingHeldAgain() throws Exception {
    Race.run(
        ROUNDS,
        round -> {
          Holding it = new Holding(Long.MAX_VALUE);
          return it.round(it::renewalArrives, it::timeRunsOut, it::look);
        });
  }

  @Test
  void aReleaseBetweenTheStepsOfALossIsNoLossAndTheOtherWayRound() {
    Interleavings.explore(ReleasedAndRevoked.class, 1, 2, 1);
  }

  /** Small enough to try every moment at which the one can come between the steps of the other. */
  public static final class ReleasedAndRevoked implements HeldLease.Owner {
    private final Stage stage = new Stage();
    private final HeldLease lease = stage.lease(this);
    private int ends;
    private int gone;

    @Override
    public void ended(HeldLease ended, Optional<LossReason> loss) {
      ends++;
    }

    @Override
    public void entryGone(HeldLease ended) {
      gone++;
    }

    @Operation(runOnce = true)
    public void release() {
      lease.release();
    }

    @Operation(runOnce = true)
    public void revoke() {
      stage.context.lane.execute(() -> lease.revoke(LossReason.CLIENT_CLOSED));
    }

    @Validate
    public void check() {
      stage.callUsers();
      boolean released = stage.count(CoordinationEvent.Released.class) == 1;
      if (ends != 1 || gone != 1 || stage.events.size() != 1) {
        throw new AssertionError("ended " + ends + " times: " + stage.events);
      }
      if (released == lease.lossReason().isPresent()) {
        throw new AssertionError(stage.events + ", and the reason is " + lease.lossReason());
      }
    }
  }

  /** A client that holds one lock, and everything that can end that. */
  private static final class Holding {
    private final Stage stage = new Stage();
    private final HeldLease lease;
    private int reports;

    Holding(long limitNanos) {
      DistributedLock lock = new QueuedLock(stage.context, "a");
      if (limitNanos != Long.MAX_VALUE) {
        lock = lock.atMostFor(Duration.ofNanos(limitNanos));
      }
      CompletableFuture<Lease> granted = lock.acquireAsync();
      stage.callUsers();
      lease = (HeldLease) granted.getNow(null);
      lease.lost().whenComplete((reason, error) -> reports++);
      stage.moveClock(Stage.RENEW_EVERY_NANOS);
    }

    Race.Round round(Runnable... parts) {
      return new Race.Round(List.of(parts), this::endedOnce);
    }

    void release() {
      lease.release();
      assertThat(lease.isHeld()).isFalse();
    }

    void sessionIsGone() {
      stage
          .store
          .beats
          .get(0)
          .completeExceptionally(new StoreException(Outcome.SESSION_GONE, "for this test"));
    }

    void clientIsClosed() {
      stage.closeClient();
    }

    void renewalArrives() {
      stage.store.beats.get(0).complete(StagedStore.TTL);
    }

    void timeRunsOut() {
      stage.moveClock(Stage.USABLE_NANOS);
    }

    void limitPasses() {
      stage.moveClock(LIMIT_NANOS);
    }

    /** Whoever has seen it over sees it over from then on. */
    void look() {
      boolean over = false;
      for (int i = 0; i < 200; i++) {
        boolean held = lease.isHeld();
        assertThat(over && held).as("over, and held again").isFalse();
        over = !held;
      }
    }

    void endedOnce() {
      lease.release();
      stage.callUsers();
      long lost = stage.count(CoordinationEvent.Lost.class);
      assertThat(stage.count(CoordinationEvent.Released.class) + lost).isEqualTo(1);
      assertThat(reports).isEqualTo((int) lost);
      assertThat(lease.lossReason().isPresent()).isEqualTo(lost == 1);
      assertThat(lease.isHeld()).isFalse();
      assertThat(lease.remaining()).isZero();
      assertThat(stage.context.held).hasValue(0);
      if (stage.context.remover.pending() > 0) {
        // Time went by between a request and its answer: it counts as lost, and is made again.
        stage.moveClock(stage.nowNanos + TimeUnit.SECONDS.toNanos(1));
      }
      assertThat(lease.gone()).isDone();
      assertThat(stage.context.localQueues.size()).isZero();
    }
  }
}

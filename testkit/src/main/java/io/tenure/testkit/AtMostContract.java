package io.tenure.testkit;

import static io.tenure.testkit.Eventually.answer;
import static io.tenure.testkit.Eventually.failure;
import static io.tenure.testkit.Eventually.throughout;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tenure.CoordinationEvent;
import io.tenure.Lease;
import io.tenure.LossPolicy;
import io.tenure.LossReason;
import io.tenure.spi.StoreException.Outcome;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** A hold that is not renewed past its limit. */
abstract class AtMostContract extends ContractGroup {
  private static final Duration LIMIT = Duration.ofMillis(400);

  AtMostContract(BackendContract contract) {
    super(contract);
  }

  @Test
  void theLimitEndsALeaseThatRenewalsWouldHaveKept() throws InterruptedException {
    Lease lease = clients.join("a").lock("x").atMostFor(LIMIT).acquire();
    assertThat(lease.isHeld()).isTrue();
    assertThat(lease.remaining()).isPositive().isLessThanOrEqualTo(LIMIT);

    assertThat(answer(lease.lost())).isEqualTo(LossReason.AT_MOST_ELAPSED);
    assertThat(lease.isHeld()).isFalse();
  }

  @Test
  void theLossIsToldBeforeTheEntryIsRemovedAndTheNextOneAcquires() throws InterruptedException {
    Recorder<String> story = new Recorder<>();
    Lease first = clients.joinShortLived("a").lock("x").atMostFor(LIMIT).acquire();
    first.lost().thenAccept(reason -> story.accept("lost"));
    CompletableFuture<Lease> second = clients.join("b").lock("x").acquireAsync();
    second.thenAccept(lease -> story.accept("acquired"));

    story.await("acquired", "acquired"::equals);
    assertThat(story.all()).containsExactly("lost", "acquired");
    assertThat(answer(second).isHeld()).isTrue();
  }

  @Test
  void aLimitLongerThanTheTimeToLiveIsReachedByRenewals() throws InterruptedException {
    Duration limit = fixture.ttl().multipliedBy(3).dividedBy(2);
    Lease lease = clients.joinShortLived("a").lock("x").atMostFor(limit).acquire();
    throughout(limit.multipliedBy(4).dividedBy(5), () -> assertThat(lease.isHeld()).isTrue());
    assertThat(answer(lease.lost())).isEqualTo(LossReason.AT_MOST_ELAPSED);
  }

  @Test
  void aLeaseThatIsReleasedInTimeIsNotLost() throws InterruptedException {
    Member a = clients.join("a");
    Lease lease = a.lock("x").atMostFor(LIMIT).acquire();
    lease.close();
    throughout(
        LIMIT.multipliedBy(2), () -> assertThat(lease.lost().toCompletableFuture()).isNotDone());
    assertThat(a.events().all(CoordinationEvent.Lost.class)).isEmpty();
  }

  @Test
  void theLimitOfOneViewConcernsNoOther() throws InterruptedException {
    Member a = clients.join("a");
    a.lock("x").atMostFor(LIMIT).acquire().close();
    Lease lease = a.lock("x").acquire();
    throughout(LIMIT.multipliedBy(2), () -> assertThat(lease.isHeld()).isTrue());
  }

  @Test
  void theLossPolicyActsWhenTheLimitPasses() {
    Member a = clients.join("a");
    CountDownLatch never = new CountDownLatch(1);
    Caller<Boolean> working =
        Caller.start(
            () -> {
              try (Lease lease =
                  a.lock("x").atMostFor(LIMIT).onLoss(LossPolicy.interruptScope()).acquire()) {
                never.await();
                return lease.isHeld();
              }
            });
    assertThat(failure(working.result())).isInstanceOf(InterruptedException.class);
    awaitEntries(lockQueue("x"), 0);
  }

  @Test
  void aHolderWhoseRenewalsFailLosesItBeforeTheLimit() throws InterruptedException {
    Member a = clients.joinShortLived("a");
    Lease first = a.lock("x").atMostFor(Duration.ofDays(1)).acquire();
    CompletableFuture<Lease> second = clients.join("b").lock("x").acquireAsync();
    awaitEntries(lockQueue("x"), 2);
    a.faults().each(StoreCall.HEARTBEAT).fail(Outcome.UNKNOWN);

    assertThat(answer(first.lost())).isEqualTo(LossReason.EXPIRED);
    assertThat(answer(second).isHeld()).isTrue();
  }

  @Test
  void aLimitIsPositive() {
    Member a = clients.join("a");
    assertThatIllegalArgumentException().isThrownBy(() -> a.lock("x").atMostFor(Duration.ZERO));
  }
}

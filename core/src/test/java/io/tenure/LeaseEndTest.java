package io.tenure;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.spi.StoreException.Outcome;
import io.tenure.spi.WriteOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** How a lease ends: once, and its entry after it. */
class LeaseEndTest extends LeaseFixture {
  @Test
  void aLimitIsNoticedAtItsMomentAndItsEntryStandsForOneMarginMore() {
    HeldLease lease = holdAtMost(LIMIT);

    time.pass(LIMIT.minus(NANO));
    assertThat(told).isEmpty();
    time.pass(NANO);
    assertThat(told).containsExactly("lost AT_MOST_ELAPSED");
    assertThat(lease.lossReason()).contains(LossReason.AT_MOST_ELAPSED);
    assertThat(lease.isHeld()).isFalse();

    time.pass(Script.MARGIN.minus(NANO));
    assertThat(store.asked()).isEmpty();
    time.pass(NANO);
    assertThat(store.asked()).containsExactly("remove 1");
    store.take("remove 1").complete(true);
    assertThat(told).containsExactly("lost AT_MOST_ELAPSED", "gone");
  }

  @Test
  void aTimerThatWakesBeforeTheLimitByTheClockLosesNothingAndIsSetAgain() {
    HeldLease lease = holdAtMost(Duration.ofSeconds(4));

    time.wakeEarly(Duration.ofSeconds(4));
    assertThat(lease.isHeld()).isTrue();
    assertThat(told).isEmpty();

    time.pass(Duration.ofSeconds(4));
    assertThat(told).containsExactly("lost AT_MOST_ELAPSED");
  }

  @Test
  void aUserWhoIsDoneAfterTheLimitDoesNotLetTheNextOneWait() {
    HeldLease lease = holdAtMost(LIMIT);
    time.pass(LIMIT);

    lease.release();

    assertThat(store.asked()).containsExactly("remove 1");
    time.pass(Script.MARGIN);
    assertThat(store.asked()).containsExactly("remove 1");
  }

  @Test
  void aReleaseIsToldAtOnceAndTheEntryFollows() {
    HeldLease lease = holdAtMost(LIMIT);
    time.pass(Duration.ofSeconds(2));

    lease.release();

    assertThat(lease.isHeld()).isFalse();
    assertThat(lease.remaining()).isZero();
    assertThat(lease.lossReason()).isEmpty();
    assertThat(told).containsExactly("released");
    assertThat(script.events(CoordinationEvent.Released.class))
        .containsExactly(new CoordinationEvent.Released("a", lease.token(), Duration.ofSeconds(2)));
    assertThat(lease.gone()).isNotDone();
    store.take("remove 1").complete(true);
    assertThat(told).containsExactly("released", "gone");
    assertThat(lease.gone()).isCompleted();
  }

  @Test
  void aReleasedLeaseIsNotLostWhenItsLimitOrItsSessionEnds() {
    HeldLease lease = holdAtMost(LIMIT);
    lease.release();

    assertThat(time.timers()).as("the session's two, and the removal's").isEqualTo(3);
    time.pass(LIMIT);
    script.inLane(script.context.sessions::close);
    script.inLane(() -> lease.revoke(LossReason.REVOKED));

    assertThat(told).containsOnlyOnce("released").doesNotContain("lost AT_MOST_ELAPSED");
    assertThat(script.events(CoordinationEvent.Lost.class)).isEmpty();
    assertThat(lease.lossReason()).isEmpty();
  }

  @Test
  void aSecondReleaseDoesNothing() {
    HeldLease lease = hold();

    lease.release();
    lease.release();

    assertThat(told).containsExactly("released");
    assertThat(store.asked()).containsExactly("remove 1");
  }

  @Test
  void aReleaseAfterTheLimitThatNobodyNoticedIsALoss() {
    HeldLease lease = holdAtMost(LIMIT);
    time.pause(LIMIT);

    lease.release();

    assertThat(told).containsExactly("lost AT_MOST_ELAPSED");
    assertThat(store.asked()).as("its user is done").containsExactly("remove 1");
    assertThat(script.events(CoordinationEvent.Released.class)).isEmpty();
  }

  @Test
  void aReleaseAfterTheDeadlineThatNobodyNoticedIsAnExpiry() {
    store.beatsAtOnce = false;
    HeldLease lease = hold();
    time.pause(Script.USABLE);

    lease.release();

    assertThat(told).containsExactly("lost EXPIRED", "gone");
    assertThat(lease.lossReason()).contains(LossReason.EXPIRED);
  }

  @Test
  void aLossIsToldToItsOwnerAtOnceAndUsersAreCalledForIt() {
    HeldLease lease = hold();
    lease.lost().thenAccept(reason -> told.add("user: " + reason));
    time.pass(Duration.ofSeconds(3));

    script.inLane(() -> lease.revoke(LossReason.CLIENT_CLOSED));

    assertThat(told).containsExactly("lost CLIENT_CLOSED");
    assertThat(store.asked()).containsExactly("remove 1");
    script.callUsers();
    assertThat(told).containsExactly("lost CLIENT_CLOSED", "user: CLIENT_CLOSED");
    assertThat(script.events(CoordinationEvent.Lost.class))
        .containsExactly(
            new CoordinationEvent.Lost(
                "a", lease.token(), LossReason.CLIENT_CLOSED, Duration.ofSeconds(3)));
  }

  @Test
  void onlyTheFirstLossCounts() {
    HeldLease lease = holdAtMost(LIMIT);

    script.inLane(() -> lease.revoke(LossReason.CLIENT_CLOSED));
    script.inLane(() -> lease.revoke(LossReason.REVOKED));
    script.inLane(() -> lease.lostPlace(LossReason.REVOKED));
    time.pass(LIMIT.plus(Script.MARGIN));

    assertThat(told).containsExactly("lost CLIENT_CLOSED");
    assertThat(lease.lossReason()).contains(LossReason.CLIENT_CLOSED);
    assertThat(script.events(CoordinationEvent.Lost.class)).hasSize(1);
  }

  @Test
  void theEntryOfALostPlaceIsGoneAndIsToldOnce() {
    HeldLease lease = hold();

    script.inLane(() -> lease.lostPlace(LossReason.SESSION_LOST));
    assertThat(told).containsExactly("lost SESSION_LOST", "gone");
    assertThat(lease.gone()).isCompleted();

    lease.release();
    assertThat(told).containsExactly("lost SESSION_LOST", "gone");
    assertThat(store.asked()).isEmpty();
  }

  @Test
  void aLossCallsOffTheLimit() {
    HeldLease lease = holdAtMost(LIMIT);
    int timers = time.timers();

    script.inLane(() -> lease.lostPlace(LossReason.REVOKED));

    assertThat(time.timers()).isEqualTo(timers - 1);
  }

  @Test
  void theCellsThatItCreatedGoBeforeItsEntry() {
    HeldLease lease = hold();
    script.inLane(() -> lease.boundCells().wrote("n/cell/x", 4, true));

    lease.release();
    assertThat(store.asked()).containsExactly("write n/cell/x");
    store.<WriteOutcome>take("write").complete(applied());

    assertThat(store.asked()).containsExactly("remove 1");
  }

  private static WriteOutcome applied() {
    return new WriteOutcome.Applied(List.of(OptionalLong.of(5)));
  }

  @Test
  void releasingAsynchronouslyIsDoneForUsersWhenTheEntryIsGone() {
    HeldLease lease = hold();

    CompletableFuture<Void> done = lease.releaseAsync().toCompletableFuture();
    script.callUsers();
    assertThat(done).isNotDone();

    store.take("remove 1").complete(true);
    assertThat(done).as("users are called by the dispatcher").isNotDone();
    script.callUsers();
    assertThat(done).isCompleted();
  }

  @Test
  void closingWaitsForTheEntryToGoButNotBeyondItsBound() {
    HeldLease lease = hold();
    List<Long> bounds = new ArrayList<>();
    time.onAwait(bounds::add);

    lease.close();

    assertThat(told).containsExactly("released");
    assertThat(bounds).containsExactly(Script.REQUEST_TIMEOUT.toNanos());
  }

  @Test
  void closingKeepsAnInterrupt() {
    HeldLease lease = hold();

    Thread.currentThread().interrupt();
    lease.close();

    assertThat(Thread.interrupted()).isTrue();
    assertThat(told).containsExactly("released");
  }

  @Test
  void aLossInterruptsTheScopesThread() {
    HeldLease lease = take(Holder.interrupted(script, LIMIT));

    script.inLane(() -> lease.revoke(LossReason.REVOKED));

    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void aLossThatClosingComesUponInterruptsNobody() {
    HeldLease lease = take(Holder.interrupted(script, LIMIT));
    time.onAwait(boundNanos -> {});
    time.pause(LIMIT);

    lease.close();

    assertThat(told).containsExactly("lost AT_MOST_ELAPSED");
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void aLeaseWhoseSessionTheStoreGaveUpIsLostAtOnce() {
    store.beatsAtOnce = false;
    HeldLease lease = hold();
    time.pass(Script.RENEW_EVERY);

    store.fail("beat", Outcome.SESSION_GONE);

    assertThat(told).containsExactly("lost SESSION_LOST", "gone");
    assertThat(lease.isHeld()).isFalse();
    assertThat(store.asked()).isEmpty();
  }
}

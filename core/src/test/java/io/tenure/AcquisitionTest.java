package io.tenure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.Acquisition.Patience;
import io.tenure.spi.StoreException.Outcome;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** Calls that want a lock: each has exactly one result, and leaves nothing behind. */
class AcquisitionTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private final Script script = new Script();
  private final ScriptedStore store = script.store;
  private final QueuedLock lock = new QueuedLock(script.context, "a");

  private HeldLease acquired() {
    CompletableFuture<Lease> result = lock.acquireAsync();
    store.enqueued(1, 7);
    script.callUsers();
    return (HeldLease) Script.now(result);
  }

  private void assertNothingIsLeft() {
    assertThat(script.context.localQueues.size()).isZero();
    assertThat(script.context.held).hasValue(0);
    assertThat(store.watched()).isEmpty();
    assertThat(store.asked()).isEmpty();
    assertThat(script.time.timers()).as("the session's").isEqualTo(2);
  }

  private void cancelled(CompletableFuture<?> result) {
    assertThat(result.cancel(false)).isTrue();
    script.callUsers();
  }

  @Test
  void aGrantIsTheResultAndIsCountedUntilItsEnd() {
    CompletableFuture<Lease> result = lock.acquireAsync();
    script.time.pass(TIMEOUT);
    store.enqueued(1, 7);
    assertThat(result).as("users are called by the dispatcher").isNotDone();
    script.callUsers();

    Lease lease = Script.now(result);
    assertThat(lease.isHeld()).isTrue();
    assertThat(script.context.held).hasValue(1);
    assertThat(script.events(CoordinationEvent.Acquired.class))
        .containsExactly(new CoordinationEvent.Acquired("a", lease.token(), TIMEOUT));

    lease.releaseAsync();
    assertThat(script.context.held).hasValue(0);
    assertThat(script.context.localQueues.size()).as("until its entry is gone").isEqualTo(1);
    store.take("remove 1").complete(true);
    assertNothingIsLeft();
  }

  @Test
  void theNextCallOfThisClientHasItsTurnWhenTheEntryIsGone() {
    HeldLease first = acquired();
    CompletableFuture<Lease> second = lock.acquireAsync();
    assertThat(store.asked()).isEmpty();

    first.release();
    assertThat(store.asked()).containsExactly("remove 1");
    store.take("remove 1").complete(true);

    store.enqueued(2, 8);
    script.callUsers();
    assertThat(Script.now(second).token().revision()).isEqualTo(2);
  }

  @Test
  void oneTryWhileAnotherCallOfThisClientHasItIsNotEvenAsked() {
    acquired();

    CompletableFuture<Optional<Lease>> result = lock.tryAcquireAsync();
    script.callUsers();

    assertThat(Script.now(result)).isEmpty();
    assertThat(store.asked()).isEmpty();
    assertThat(script.context.localQueues.size()).isEqualTo(1);
  }

  @Test
  void oneTryWithSomebodyAheadIsEmpty() {
    CompletableFuture<Optional<Lease>> result = lock.tryAcquireAsync();
    store.enqueued(1, 7, 91);
    script.callUsers();

    assertThat(Script.now(result)).isEmpty();
    store.take("remove 1").complete(true);
    assertNothingIsLeft();
  }

  @Test
  void oneTryThatTheStoreDoesNotAnswerIsAFailureThatSaysSo() {
    CompletableFuture<Optional<Lease>> result = lock.tryAcquireAsync();
    store.fail("enqueue", Outcome.UNKNOWN);

    script.time.pass(Script.REQUEST_TIMEOUT);
    script.callUsers();

    assertThatThrownBy(() -> Script.now(result))
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOf(BackendUnavailableException.class)
        .hasMessage("lock 'a': the store gave no answer within 3000 ms: for this test");
    store.fail("enqueue", Outcome.NOT_DONE);
    store.take("withdraw 1").complete(false);
    assertNothingIsLeft();
  }

  @Test
  void aWaitThatRanOutIsEmptyAndItsEntryIsRemoved() {
    CompletableFuture<Optional<Lease>> result = lock.tryAcquireAsync(TIMEOUT);
    store.enqueued(1, 7, 91);

    script.time.pass(TIMEOUT.minusNanos(1));
    script.callUsers();
    assertThat(result).isNotDone();
    script.time.pass(Duration.ofNanos(1));
    script.callUsers();

    assertThat(Script.now(result)).isEmpty();
    assertThat(store.watched()).isEmpty();
    store.take("remove 1").complete(true);
    assertNothingIsLeft();
  }

  @Test
  void aWaitThatRanOutBehindAnotherCallOfThisClientIsEmpty() {
    acquired();
    CompletableFuture<Optional<Lease>> result = lock.tryAcquireAsync(TIMEOUT);

    script.time.pass(TIMEOUT);
    script.callUsers();

    assertThat(Script.now(result)).isEmpty();
    assertThat(script.context.localQueues.size()).isEqualTo(1);
  }

  @Test
  void aGrantInTimeCallsOffTheTimer() {
    CompletableFuture<Optional<Lease>> result = lock.tryAcquireAsync(TIMEOUT);
    store.enqueued(1, 7);
    assertThat(script.time.timers()).as("the session's").isEqualTo(2);

    script.time.pass(TIMEOUT);
    script.callUsers();

    assertThat(Script.now(result)).hasValueSatisfying(lease -> assertThat(lease.isHeld()).isTrue());
  }

  @Test
  void whoCancelsWhileWaitingLeavesTheQueue() {
    CompletableFuture<Optional<Lease>> result = lock.tryAcquireAsync(TIMEOUT);
    store.enqueued(1, 7, 91);

    cancelled(result);

    store.take("remove 1").complete(true);
    assertNothingIsLeft();
  }

  @Test
  void whoCancelsBehindAnotherCallOfThisClientIsNotWaitedFor() {
    HeldLease first = acquired();
    CompletableFuture<Lease> second = lock.acquireAsync();

    cancelled(second);
    assertThat(script.context.localQueues.size()).isEqualTo(1);
    first.release();
    store.take("remove 1").complete(true);

    assertThat(store.asked()).isEmpty();
    assertNothingIsLeft();
  }

  @Test
  void whoCancelsWhenTheGrantIsOnItsWayGivesItBack() {
    CompletableFuture<Lease> result = lock.acquireAsync();
    store.enqueued(1, 7);

    cancelled(result);

    store.take("remove 1").complete(true);
    assertThat(script.events(CoordinationEvent.Released.class)).hasSize(1);
    assertNothingIsLeft();
  }

  @Test
  void cancellingAfterTheResultChangesNothing() {
    HeldLease lease = acquired();
    CompletableFuture<Optional<Lease>> none = lock.tryAcquireAsync();
    script.callUsers();

    assertThat(none.cancel(false)).isFalse();
    assertThat(lease.isHeld()).isTrue();
    assertThat(store.asked()).isEmpty();
  }

  @Test
  void aRefusalIsTheResult() {
    CompletableFuture<Lease> result = lock.acquireAsync();
    store.fail("enqueue", Outcome.REFUSED);
    script.callUsers();

    assertThatThrownBy(() -> Script.now(result))
        .cause()
        .isInstanceOf(BackendRefusedException.class)
        .hasMessage("lock 'a': for this test");
    assertNothingIsLeft();
  }

  @Test
  void aLossOfThePlaceIsALossOfTheLease() {
    HeldLease lease = acquired();

    script.inLane(lease.place()::vanished);

    assertThat(lease.lossReason()).contains(LossReason.REVOKED);
    assertThat(script.context.held).hasValue(0);
    assertThat(script.context.localQueues.size()).isZero();
  }

  @Test
  void patienceIsUsedUpByWaitingUnlessItHasNoEnd() {
    assertThat(Patience.FOREVER.after(5)).isSameAs(Patience.FOREVER);
    assertThat(Patience.of(7).after(5)).isEqualTo(Patience.of(2));
    assertThat(Patience.of(7).after(5).isOver()).isFalse();
    assertThat(Patience.of(7).after(7).isOver()).isTrue();
    assertThat(Patience.of(7).after(8).isOver()).isTrue();
    assertThat(Patience.once(7).isOver()).isFalse();
    assertThat(Patience.once(7).after(0).isOver()).as("a single try").isTrue();
  }
}

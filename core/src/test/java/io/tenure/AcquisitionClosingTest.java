package io.tenure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.Acquisition.Patience;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What closing a client does to the calls that want a lock of it. */
class AcquisitionClosingTest {
  private final Script script = new Script();
  private final ScriptedStore store = script.store;
  private final QueuedLock lock = new QueuedLock(script.context, "a");

  private HeldLease acquired() {
    CompletableFuture<Lease> result = lock.acquireAsync();
    store.enqueued(1, 7);
    script.callUsers();
    return (HeldLease) Script.now(result);
  }

  @Test
  void nothingBeginsInAClientThatIsClosing() {
    script.inLane(script.context.open::refuse);

    CompletableFuture<Lease> result = lock.acquireAsync();
    script.callUsers();

    assertThatThrownBy(() -> Script.now(result))
        .cause()
        .isInstanceOf(ClientClosedException.class)
        .hasMessage("lock 'a': the client is closed");
    assertThat(store.asked()).isEmpty();
    assertThat(script.context.localQueues.size()).isZero();
  }

  @Test
  void aWaiterFailsAsSoonAsItsClientIsClosingAndAHolderMayFinish() {
    HeldLease lease = acquired();
    CompletableFuture<Lease> waiter = lock.acquireAsync();

    script.inLane(() -> assertThat(script.context.open.refuse().done()).isDone());
    script.callUsers();
    assertThatThrownBy(() -> Script.now(waiter)).cause().isInstanceOf(ClientClosedException.class);
    assertThat(lease.isHeld()).isTrue();

    script.inLane(script.context.open::close);
    assertThat(lease.lossReason()).contains(LossReason.CLIENT_CLOSED);
  }

  @Test
  void aWaiterInTheStoresQueueLeavesItWhenItsClientIsClosed() {
    CompletableFuture<Lease> result = lock.acquireAsync();
    store.enqueued(1, 7, 91);

    script.inLane(script.context.open::close);
    script.callUsers();

    assertThatThrownBy(() -> Script.now(result)).cause().isInstanceOf(ClientClosedException.class);
    assertThat(store.asked()).containsExactly("remove 1");
    assertThat(script.context.localQueues.size()).isZero();
  }

  @Test
  void whoHasItsResultIsNotEndedAgainWhenItsClientIsClosed() {
    CompletableFuture<Lease> result = lock.acquireAsync();
    store.enqueued(1, 7, 91);
    result.cancel(false);
    script.callUsers();

    script.inLane(script.context.open::close);

    assertThat(store.asked()).containsExactly("remove 1");
  }

  @Test
  void isNoPartOfItsClientOnceItIsOver() {
    CompletableFuture<Optional<Lease>> result = new CompletableFuture<>();
    Acquisition<Optional<Lease>> acquisition =
        new Acquisition<>(
            script.context,
            new Acquisition.Request(
                ScriptedStore.QUEUE, "a", Patience.FOREVER, Long.MAX_VALUE, LossPolicy.report()),
            Function.identity(),
            result,
            Runnable::run,
            null);
    script.inLane(acquisition::begin);
    script.inLane(() -> assertThat(script.context.open.add(acquisition)).isFalse());

    result.cancel(false);
    script.callUsers();

    script.inLane(() -> assertThat(script.context.open.add(acquisition)).isTrue());
  }
}

package io.tenure.testkit;

import static io.tenure.testkit.Eventually.answer;
import static io.tenure.testkit.Eventually.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.Subscription;
import io.tenure.spi.ClientSpec;
import io.tenure.spi.Detail;
import io.tenure.spi.Entry;
import io.tenure.spi.QueueName;
import io.tenure.spi.QueueView;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import io.tenure.spi.StoreSession;
import io.tenure.spi.Wait;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** The faults do what they say, so that the contract tests what it says. */
class FaultyBackendTest {
  private static final QueueName QUEUE = new QueueName("q");
  private static final QueueView VIEW = new QueueView(List.of(), 1);
  private static final Entry ENTRY =
      new Entry(QUEUE, "0".repeat(32), "w", 1, OptionalLong.of(1), "", Optional.empty());

  private final StubBackend store = new StubBackend();
  private final FaultyBackend faulty = FaultyBackend.around(store);
  private final StoreConnection client =
      faulty.open(
          new ClientSpec(
              "c",
              Duration.ofSeconds(1),
              Duration.ofMillis(300),
              Duration.ofMillis(100),
              Duration.ofSeconds(1)));

  private CompletableFuture<QueueView> read() {
    return client.read(QUEUE, Detail.NAMES).toCompletableFuture();
  }

  private Wait await() {
    return answer(client.openSession()).awaitDeparture(ENTRY, 1);
  }

  private static void assertFailed(CompletionStage<?> stage, Outcome outcome) {
    assertThat(failure(stage))
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.outcome()).isEqualTo(outcome));
  }

  @Test
  void withoutAFaultEverythingPassesAndIsCounted() {
    CompletableFuture<QueueView> read = read();
    assertThat(read).isNotDone();
    store.view.complete(VIEW);

    assertThat(read).isCompletedWithValue(VIEW);
    assertThat(faulty.calls(StoreCall.READ)).isOne();
    assertThat(faulty.calls(StoreCall.GET)).isZero();
  }

  @Test
  void theStoresOwnFailurePassesAsItIs() {
    StoreException refusal = new StoreException(Outcome.REFUSED, "no rights");
    store.view.completeExceptionally(refusal);
    assertThat(failure(read())).isSameAs(refusal);
  }

  @Test
  void aLostAnswerIsUnknownOnceTheStoreHasGivenIt() {
    faulty.next(StoreCall.READ).loseAnswer();
    CompletableFuture<QueueView> read = read();
    assertThat(read).isNotDone();
    store.view.complete(VIEW);

    assertFailed(read, Outcome.UNKNOWN);
    assertThat(store.asked).containsExactly("read");
    assertThat(read()).isCompletedWithValue(VIEW);
  }

  @Test
  void aCallThatIsNeverAnsweredIsMadeAllTheSame() {
    faulty.next(StoreCall.READ).neverAnswer();
    store.view.complete(VIEW);
    assertThat(read()).isNotDone();
    assertThat(store.asked).containsExactly("read");
  }

  @Test
  void aCallThatFailsIsNotMade() {
    faulty.next(StoreCall.READ).fail(Outcome.NOT_DONE);
    assertFailed(read(), Outcome.NOT_DONE);
    assertThat(store.asked).isEmpty();
    assertThat(faulty.calls(StoreCall.READ)).isOne();
  }

  @Test
  void aHeldAnswerArrivesWhenTheTestSaysSo() {
    HeldAnswer held = faulty.next(StoreCall.READ).holdAnswer();
    CompletableFuture<QueueView> read = read();
    held.awaitCall();
    store.view.complete(VIEW);
    held.awaitAnswer();

    assertThat(read).isNotDone();
    held.deliver();
    assertThat(read).isCompletedWithValue(VIEW);
  }

  @Test
  void aHeldCallIsMadeWhenTheTestSaysSo() {
    HeldCall held = faulty.next(StoreCall.READ).holdCall();
    store.view.complete(VIEW);
    CompletableFuture<QueueView> read = read();
    held.awaitCall();
    assertThat(store.asked).isEmpty();
    assertThat(read).isNotDone();

    held.deliver();
    assertThat(store.asked).containsExactly("read");
    assertThat(read).isCompletedWithValue(VIEW);
  }

  @Test
  void faultsHappenInTheOrderOfTheScriptAndThoseForEachCallAfterThem() {
    store.view.complete(VIEW);
    faulty.each(StoreCall.READ).fail(Outcome.REFUSED);
    faulty.next(StoreCall.READ).fail(Outcome.NOT_DONE);
    faulty.next(StoreCall.READ).fail(Outcome.SESSION_GONE);
    assertThat(faulty.pending(StoreCall.READ)).isEqualTo(2);

    assertFailed(read(), Outcome.NOT_DONE);
    assertFailed(read(), Outcome.SESSION_GONE);
    assertThat(faulty.pending(StoreCall.READ)).isZero();
    assertFailed(read(), Outcome.REFUSED);
    assertFailed(read(), Outcome.REFUSED);
    faulty.clear();
    assertThat(read()).isCompletedWithValue(VIEW);
  }

  @Test
  void whileItIsCutOffNoCallLeavesAndNoAnswerArrives() {
    StoreSession session = answer(client.openSession());
    CompletableFuture<Duration> beat = session.heartbeat().toCompletableFuture();
    faulty.cutOff();
    store.beat.complete(Duration.ofSeconds(1));
    CompletableFuture<QueueView> read = read();

    assertThat(beat).isNotDone();
    assertThat(read).isNotDone();
    assertThat(store.asked).containsExactly("open", "heartbeat");
    faulty.heal();
    assertFailed(beat, Outcome.UNKNOWN);
    assertFailed(read, Outcome.UNKNOWN);
    assertThat(answer(session.heartbeat())).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void whatIsScriptedWaitsUntilTheConnectionIsMended() {
    faulty.next(StoreCall.READ).fail(Outcome.REFUSED);
    faulty.cutOff();
    CompletableFuture<QueueView> read = read();
    faulty.heal();
    assertFailed(read, Outcome.UNKNOWN);
    assertFailed(read(), Outcome.REFUSED);
  }

  @Test
  void aDepartureIsAWakeUp() {
    Wait wait = await();
    assertThat(faulty.openWatches()).isOne();
    store.departed.complete(null);

    assertThat(wait.departed()).isCompleted();
    assertThat(faulty.wakeUps()).isOne();
    assertThat(faulty.openWatches()).isZero();
  }

  @Test
  void aWatchThatIsCancelledIsToldNothingMore() {
    Wait wait = await();
    wait.cancel();
    wait.cancel();
    store.departed.complete(null);

    assertThat(wait.departed().toCompletableFuture()).isNotDone();
    assertThat(store.cancelled).isOne();
    assertThat(faulty.wakeUps()).isZero();
    assertThat(faulty.openWatches()).isZero();
  }

  @Test
  void aDisruptedWatchFailsAndIsTakenOffTheStore() {
    Wait wait = await();
    faulty.disruptWatches();

    assertFailed(wait.departed(), Outcome.UNKNOWN);
    assertThat(store.cancelled).isOne();
    assertThat(faulty.openWatches()).isZero();
    assertThat(faulty.wakeUps()).isZero();
  }

  @Test
  void aDepartureDuringACutIsADisruptionAfterIt() {
    Wait wait = await();
    faulty.cutOff();
    store.departed.complete(null);
    assertThat(wait.departed().toCompletableFuture()).isNotDone();

    faulty.heal();
    assertFailed(wait.departed(), Outcome.UNKNOWN);
  }

  @Test
  void viewsPassOneByOneUntilTheWatchIsClosed() {
    Recorder<QueueView> seen = new Recorder<>();
    Recorder<Throwable> ended = new Recorder<>();
    Subscription watch = client.watch(QUEUE, Detail.NAMES, seen, ended);
    store.onView.accept(VIEW);
    store.onView.accept(VIEW);
    watch.close();
    store.onView.accept(VIEW);

    assertThat(seen.all()).hasSize(2);
    assertThat(ended.all()).isEmpty();
    assertThat(store.cancelled).isOne();
  }

  @Test
  void aHeldWatchShowsTheLastViewOnlyWhenItIsDelivered() {
    QueueView last = new QueueView(List.of(ENTRY), 2);
    HeldAnswer held = faulty.next(StoreCall.WATCH).holdAnswer();
    Recorder<QueueView> seen = new Recorder<>();
    client.watch(QUEUE, Detail.NAMES, seen, end -> {});
    store.onView.accept(VIEW);
    store.onView.accept(last);

    assertThat(seen.all()).isEmpty();
    held.deliver();
    assertThat(seen.all()).containsExactly(last);
  }

  @Test
  void aWatchThatIsCutShowsNothingAndEndsWhenTheConnectionIsMended() {
    Recorder<QueueView> seen = new Recorder<>();
    Recorder<Throwable> ended = new Recorder<>();
    client.watch(QUEUE, Detail.NAMES, seen, ended);
    faulty.cutOff();
    store.onView.accept(VIEW);
    faulty.heal();

    assertThat(seen.all()).isEmpty();
    assertThat(ended.all()).hasSize(1);
    assertThat(store.cancelled).isOne();
  }
}

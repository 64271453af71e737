package io.tenure.inmemory;

import static io.tenure.spi.StoreException.Outcome.REFUSED;
import static io.tenure.spi.StoreException.Outcome.SESSION_GONE;
import static io.tenure.spi.StoreException.Outcome.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.Subscription;
import io.tenure.spi.Detail;
import io.tenure.spi.Entry;
import io.tenure.spi.QueueView;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreSession;
import io.tenure.spi.Wait;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Waiting for one entry, and following a queue. */
class WatchTest extends Fixture {
  private final StoreSession a = session("a");
  private final StoreSession b = session("b");
  private final StoreSession c = session("c");

  private final StoreConnection observer = client("observer");
  private final List<QueueView> views = new ArrayList<>();
  private final List<Throwable> ends = new ArrayList<>();

  @Test
  void aDepartureWakesThoseWhoWaitForThatEntryAndNobodyElse() {
    Entry first = enqueue(a).self();
    Entry second = enqueue(b).self();
    CompletionStage<Void> onFirst = b.awaitDeparture(first, 0).departed();
    CompletionStage<Void> onSecond = c.awaitDeparture(second, 0).departed();
    long writes = store.revision();

    now(a.remove(first));

    now(onFirst);
    assertThat(isOpen(onSecond)).isTrue();
    assertThat(store.watchCount()).isEqualTo(1);
    assertThat(store.revision()).isEqualTo(writes + 1);
  }

  @Test
  void everyWayToDepartIsSeen() {
    Entry removed = enqueue(a).self();
    Entry withdrawn = enqueue(a).self();
    Entry deleted = enqueue(a).self();
    Entry expired = enqueue(b).self();
    List<CompletionStage<Void>> waits =
        List.of(removed, withdrawn, deleted, expired).stream()
            .map(entry -> c.awaitDeparture(entry, 0).departed())
            .toList();

    now(a.remove(removed));
    now(a.withdraw(QUEUE, withdrawn.id()));
    store.deleteEntry(QUEUE, deleted.id());
    store.expireSession(b.id());

    waits.forEach(Fixture::now);
    assertThat(store.watchCount()).isZero();
  }

  @Test
  void anEntryThatIsGoneAlreadyHasDeparted() {
    Entry first = enqueue(a).self();
    now(a.remove(first));

    now(b.awaitDeparture(first, first.order()).departed());
  }

  @Test
  void anUpdateIsNoDeparture() {
    Entry first = enqueue(a).self();
    Wait wait = b.awaitDeparture(first, 0);

    now(a.update(first, bytes("new")));

    assertThat(isOpen(wait.departed())).isTrue();
  }

  @Test
  void aCancelledWaitNeverCompletesAndLeavesNothingBehind() {
    Entry first = enqueue(a).self();
    Wait wait = b.awaitDeparture(first, 0);

    wait.cancel();
    wait.cancel();
    now(a.remove(first));

    assertThat(isOpen(wait.departed())).isTrue();
    assertThat(store.watchCount()).isZero();
  }

  @Test
  void aWaitEndsWithTheSessionThatWaits() {
    Wait wait = b.awaitDeparture(enqueue(a).self(), 0);

    store.expireSession(b.id());

    assertThat(failureOf(wait.departed())).isEqualTo(SESSION_GONE);
    assertThat(store.watchCount()).isZero();
  }

  @Test
  void aDeadSessionCannotWaitForAnEntryThatIsStillThere() {
    Entry first = enqueue(a).self();
    Entry gone = enqueue(b).self();
    store.expireSession(b.id());

    assertThat(failureOf(b.awaitDeparture(first, 0).departed())).isEqualTo(SESSION_GONE);
    now(b.awaitDeparture(gone, 0).departed());
  }

  @Test
  void whoWatchesItsOwnEntrySeesItGoWithTheSession() {
    Wait wait = a.awaitDeparture(enqueue(a).self(), 0);

    store.expireSession(a.id());

    now(wait.departed());
  }

  @Test
  void aWatchShowsThePresentAndThenEachChange() {
    Entry first = enqueue(a).self();
    watch(Detail.NAMES);
    Entry second = enqueue(b).self();
    now(a.remove(first));
    store.expireSession(b.id());

    assertThat(views)
        .extracting(Fixture::ids)
        .containsExactly(
            List.of(first.id()), List.of(first.id(), second.id()), List.of(second.id()), List.of());
    assertThat(views).extracting(QueueView::version).doesNotHaveDuplicates().isSorted();
  }

  @Test
  void aChangedPayloadIsShownToThoseWhoAskedForPayloads() {
    Entry first = enqueue(a).self();
    watch(Detail.NAMES);
    watch(Detail.PAYLOADS);
    views.clear();

    now(a.update(first, bytes("new")));

    assertThat(views).hasSize(1);
    assertThat(views.get(0).entries().get(0).payload()).hasValue(bytes("new"));
  }

  @Test
  void oneWriteIsOneEventHoweverManyEntriesItTakesOut() {
    enqueue(a);
    enqueue(a);
    enqueue(a);
    watch(Detail.NAMES);
    views.clear();

    now(a.close());

    assertThat(views).extracting(Fixture::ids).containsExactly(List.of());
  }

  @Test
  void aStrangersGarbageWakesAWatchAndIsNotShown() {
    watch(Detail.PAYLOADS);

    store.putForeign(QUEUE, "garbage", bytes("?"));

    assertThat(views).extracting(Fixture::ids).containsExactly(List.of(), List.of());
  }

  @Test
  void aClosedWatchShowsNothingMoreAndDoesNotEnd() {
    Subscription watch = watch(Detail.NAMES);
    views.clear();

    watch.close();
    watch.close();
    enqueue(a);
    store.disruptWatches();

    assertThat(views).isEmpty();
    assertThat(ends).isEmpty();
    assertThat(store.watchCount()).isZero();
  }

  @Test
  void aWatchThatClosesItselfFromItsOwnCallbackIsClosed() {
    List<Subscription> self = new ArrayList<>();
    self.add(
        observer.watch(
            QUEUE,
            Detail.NAMES,
            view -> {
              views.add(view);
              self.forEach(Subscription::close);
            },
            ends::add));
    enqueue(a);
    enqueue(a);

    assertThat(views).hasSize(2);
    assertThat(store.watchCount()).isZero();
  }

  @Test
  void aDisruptionEndsEveryWatchAndFailsEveryWaitOnce() {
    Wait wait = b.awaitDeparture(enqueue(a).self(), 0);
    watch(Detail.NAMES);

    store.disruptWatches();
    store.disruptWatches();

    assertThat(failureOf(wait.departed())).isEqualTo(UNKNOWN);
    assertThat(ends).singleElement().isInstanceOf(StoreException.class);
    assertThat(store.watchCount()).isZero();
  }

  @Test
  void aWatchOfAClosedBackendEndsAtOnce() {
    observer.close();

    watch(Detail.NAMES);

    assertThat(views).isEmpty();
    assertThat(ends)
        .singleElement()
        .isInstanceOfSatisfying(
            StoreException.class, end -> assertThat(end.outcome()).isEqualTo(REFUSED));
  }

  @Test
  void aCallbackThatThrowsHarmsNeitherTheStoreNorTheOthers() {
    observer.watch(
        QUEUE,
        Detail.NAMES,
        view -> {
          throw new IllegalStateException("thrown by the test, on purpose");
        },
        ends::add);
    watch(Detail.NAMES);

    Entry first = enqueue(a).self();

    assertThat(views).last().extracting(Fixture::ids).isEqualTo(List.of(first.id()));
  }

  @Test
  void aCallbackMayCallTheStoreAndSeesItsAnswersInTheOrderOfTheChanges() {
    List<String> order = new ArrayList<>();
    Entry first = enqueue(a).self();
    b.awaitDeparture(first, 0)
        .departed()
        .thenRun(
            () -> {
              b.enqueue(QUEUE, entry("")).thenRun(() -> order.add("enqueued"));
              order.add("departed");
            });
    a.remove(first).thenRun(() -> order.add("removed"));

    // "removed" is what the caller of remove() attaches once it has returned.
    assertThat(order).containsExactly("departed", "enqueued", "removed");
  }

  private Subscription watch(Detail detail) {
    return observer.watch(QUEUE, detail, views::add, ends::add);
  }
}

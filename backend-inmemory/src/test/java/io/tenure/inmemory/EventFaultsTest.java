package io.tenure.inmemory;

import static io.tenure.inmemory.Faults.Operation.EVENT;
import static io.tenure.inmemory.Faults.Operation.WATCH;
import static io.tenure.spi.StoreException.Outcome.NOT_DONE;
import static io.tenure.spi.StoreException.Outcome.SESSION_GONE;
import static io.tenure.spi.StoreException.Outcome.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.spi.Detail;
import io.tenure.spi.Entry;
import io.tenure.spi.QueueView;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.StoreSession;
import io.tenure.spi.Wait;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What can become of a watch, and of an event on its way to one. */
class EventFaultsTest extends Fixture {
  private final StoreConnection client = client("a");
  private final StoreSession session = now(client.openSession());
  private final StoreSession other = session("b");

  @Test
  void aDroppedDepartureIsNeverHeardOf() {
    Entry first = enqueue(session).self();
    Wait wait = other.awaitDeparture(first, 0);
    store.faults(Faults.once(EVENT, Fault.dropEvent()));

    now(session.remove(first));

    assertThat(isOpen(wait.departed())).isTrue();
    now(other.awaitDeparture(first, 0).departed());
  }

  @Test
  void aWaitWhoseEventWasDroppedIsStillReachedByADisruptionAndByItsSessionsEnd() {
    Entry first = enqueue(session).self();
    Wait disrupted = other.awaitDeparture(first, 0);
    Wait ended = session("c").awaitDeparture(first, 0);
    store.faults(request -> request.operation() == EVENT ? Fault.dropEvent() : Fault.none());
    now(session.remove(first));
    store.faults(Faults.none());
    assertThat(store.watchCount()).isEqualTo(2);

    store.expireSession(store.sessions().get(2));
    store.disruptWatches();

    assertThat(failureOf(ended.departed())).isEqualTo(SESSION_GONE);
    assertThat(failureOf(disrupted.departed())).isEqualTo(UNKNOWN);
    assertThat(store.watchCount()).isZero();
  }

  @Test
  void aDisruptedDepartureFailsTheWait() {
    Entry first = enqueue(session).self();
    Wait wait = other.awaitDeparture(first, 0);
    store.faults(Faults.once(EVENT, Fault.disrupt()));

    now(session.remove(first));

    assertThat(failureOf(wait.departed())).isEqualTo(NOT_DONE);
    assertThat(store.watchCount()).isZero();
  }

  @Test
  void aDelayedDepartureArrivesLateUnlessTheWaitIsCancelled() {
    Entry first = enqueue(session).self();
    Wait patient = other.awaitDeparture(first, 0);
    Wait cancelled = other.awaitDeparture(first, 0);
    store.faults(request -> request.operation() == EVENT ? Fault.delay(TICK) : Fault.none());

    now(session.remove(first));
    assertThat(isOpen(patient.departed())).isTrue();
    cancelled.cancel();
    time.advance(TICK);

    now(patient.departed());
    assertThat(isOpen(cancelled.departed())).isTrue();
  }

  @Test
  void aDroppedEventIsMadeUpForByTheNextOne() {
    List<QueueView> views = new ArrayList<>();
    client.watch(QUEUE, Detail.NAMES, views::add, end -> {});
    store.faults(Faults.once(EVENT, Fault.dropEvent()));

    enqueue(session);
    assertThat(views).hasSize(1);
    enqueue(session);

    assertThat(views).hasSize(2);
    assertThat(views.get(1).entries()).hasSize(2);
  }

  @Test
  void aDelayedEventShowsTheNewestStateAndNeverAnOlderOneAfterIt() {
    List<QueueView> views = new ArrayList<>();
    client.watch(QUEUE, Detail.NAMES, views::add, end -> {});
    store.faults(Faults.once(EVENT, Fault.delay(Duration.ofSeconds(1))));

    enqueue(session);
    enqueue(session);
    assertThat(views).hasSize(1);
    time.advance(Duration.ofSeconds(1));
    enqueue(session);

    assertThat(views).extracting(view -> view.entries().size()).containsExactly(0, 2, 3);
  }

  @Test
  void aDisruptedWatchEndsOnceAndShowsNothingMore() {
    List<QueueView> views = new ArrayList<>();
    List<Throwable> ends = new ArrayList<>();
    client.watch(QUEUE, Detail.NAMES, views::add, ends::add);
    store.faults(request -> request.operation() == EVENT ? Fault.disrupt() : Fault.none());

    enqueue(session);
    enqueue(session);

    assertThat(views).hasSize(1);
    assertThat(ends).hasSize(1);
    assertThat(store.watchCount()).isZero();
  }

  @Test
  void aWatchThatCannotBeSetUpEnds() {
    List<Throwable> ends = new ArrayList<>();
    Entry first = enqueue(session).self();
    store.faults(request -> request.operation() == WATCH ? Fault.failBefore() : Fault.none());

    client.watch(QUEUE, Detail.NAMES, EventFaultsTest::unexpected, ends::add);
    Wait wait = other.awaitDeparture(first, 0);

    assertThat(ends).hasSize(1);
    assertThat(failureOf(wait.departed())).isEqualTo(NOT_DONE);
    assertThat(store.watchCount()).isZero();
  }

  @Test
  void aWaitThatIsSetUpLateMissesNoDeparture() {
    Entry first = enqueue(session).self();
    store.faults(Faults.once(WATCH, Fault.delay(TICK)));
    Wait wait = other.awaitDeparture(first, first.order());

    now(session.remove(first));
    assertThat(isOpen(wait.departed())).isTrue();
    time.advance(TICK);

    now(wait.departed());
  }

  @Test
  void aWatchThatIsClosedBeforeItWasSetUpIsNeverSetUp() {
    store.faults(request -> request.operation() == WATCH ? Fault.delay(TICK) : Fault.none());
    client
        .watch(QUEUE, Detail.NAMES, EventFaultsTest::unexpected, EventFaultsTest::unexpected)
        .close();
    other.awaitDeparture(enqueue(session).self(), 0).cancel();

    time.advance(TICK);

    assertThat(store.watchCount()).isZero();
  }

  private static void unexpected(Object called) {
    throw new AssertionError("called back with " + called);
  }
}

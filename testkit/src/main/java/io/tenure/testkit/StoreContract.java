package io.tenure.testkit;

import static io.tenure.testkit.Eventually.answer;
import static io.tenure.testkit.Eventually.eventually;
import static io.tenure.testkit.Eventually.throughout;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.tenure.Subscription;
import io.tenure.spi.Backend;
import io.tenure.spi.Detail;
import io.tenure.spi.Enqueued;
import io.tenure.spi.Entry;
import io.tenure.spi.EntrySpec;
import io.tenure.spi.QueueView;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.StoreException.Outcome;
import io.tenure.spi.StoreSession;
import io.tenure.spi.Wait;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the core relies on: sessions, entries and watches, asked of the backend itself. */
abstract class StoreContract extends SpiGroup {
  StoreContract(BackendContract contract) {
    super(contract);
  }

  private Enqueued enqueue(StoreSession session) {
    return answer(session.enqueue(queue, spec("p")));
  }

  @Test
  void aQueueThatNobodyHasUsedReadsAsEmpty() {
    assertThat(entries(queue)).isEmpty();
  }

  @Test
  void clientsThatAreMadeFromOneBackendHaveEachTheirOwn() {
    Backend backend = fixture.newBackend();
    StoreConnection connection = open(backend, fixture.ttl());
    StoreSession one = answer(connection.openSession());
    StoreSession other = session(backend, traits.defaultTtl());
    Enqueued first = enqueue(one);
    Enqueued second = enqueue(other);
    connection.close();

    assertThat(one.ttl()).isLessThan(other.ttl());
    assertThat(second.ahead()).extracting(Entry::id).containsExactly(first.self().id());
    assertThat(answer(other.heartbeat())).isPositive();
    eventually(
        traits.worstExpiry(fixture.ttl()).plus(Eventually.BOUND),
        () -> assertThat(entries(queue)).extracting(Entry::id).containsExactly(second.self().id()));
  }

  @Test
  void anEnqueueShowsItsEntryAndEveryoneAheadInOrder() {
    StoreSession one = session();
    StoreSession other = session();
    Enqueued first = enqueue(one);
    Enqueued second = enqueue(other);
    Enqueued third = enqueue(one);

    assertThat(first.ahead()).isEmpty();
    assertThat(second.ahead()).extracting(Entry::id).containsExactly(first.self().id());
    assertThat(third.ahead())
        .extracting(Entry::id)
        .containsExactly(first.self().id(), second.self().id());
    assertThat(List.of(first.self().order(), second.self().order(), third.self().order()))
        .isSorted()
        .doesNotHaveDuplicates();
    assertThat(List.of(revision(first), revision(second), revision(third)))
        .isSorted()
        .doesNotHaveDuplicates();
  }

  private static long revision(Enqueued enqueued) {
    return enqueued.self().revision().orElseThrow();
  }

  @Test
  void anEnqueueThatIsSentAgainFindsItsOwnEntry() {
    StoreSession session = session();
    EntrySpec spec = spec("p");
    Enqueued first = answer(session.enqueue(queue, spec));
    enqueue(session());
    Enqueued again = answer(session.enqueue(queue, spec));

    assertThat(again.self().order()).isEqualTo(first.self().order());
    assertThat(revision(again)).isEqualTo(revision(first));
    assertThat(again.ahead()).isEmpty();
    assertThat(entries(queue)).hasSize(2);
  }

  @Test
  void aReadShowsWhatEveryEnqueueThatWasAnsweredHasPutThere() {
    StoreSession session = session();
    for (int count = 1; count <= 20; count++) {
      enqueue(session);
      assertThat(entries(queue)).hasSize(count);
    }
  }

  @Test
  void payloadsAndRevisionsAreShownToThoseWhoAskForThem() {
    String large = "x".repeat(16 * 1024);
    Enqueued one = answer(session().enqueue(queue, spec(large)));
    Enqueued other = answer(session().enqueue(queue, spec("")));

    assertThat(payloads(queue))
        .extracting(
            Entry::id, Entry::kind, Entry::revision, entry -> text(entry.payload().orElseThrow()))
        .containsExactly(
            tuple(one.self().id(), "w", one.self().revision(), large),
            tuple(other.self().id(), "w", other.self().revision(), ""));
  }

  private static String text(byte[] payload) {
    return new String(payload, StandardCharsets.UTF_8);
  }

  @Test
  void aRemovalTakesItsOwnEntryOnlyAndTellsWhetherItWasThere() {
    StoreSession session = session();
    Enqueued first = enqueue(session);
    Enqueued second = enqueue(session);

    assertThat(answer(session.remove(first.self()))).isTrue();
    assertThat(answer(session.remove(first.self()))).isFalse();
    assertThat(entries(queue)).extracting(Entry::id).containsExactly(second.self().id());
  }

  @Test
  void aWithdrawalFindsAnEntryByItsIdAndTellsWhetherItWasThere() {
    StoreSession session = session();
    EntrySpec spec = spec("p");
    answer(session.enqueue(queue, spec));
    enqueue(session);

    assertThat(answer(session.withdraw(queue, spec.id()))).isTrue();
    assertThat(answer(session.withdraw(queue, spec.id()))).isFalse();
    assertThat(answer(session.withdraw(lockQueue("unused"), spec.id()))).isFalse();
    assertThat(entries(queue)).hasSize(1);
  }

  @Test
  void anUpdateReplacesThePayloadAndKeepsPlaceAndRevision() {
    StoreSession session = session();
    Entry own = enqueue(session).self();
    enqueue(session());
    answer(session.update(own, "new".getBytes(StandardCharsets.UTF_8)));

    Entry updated = payloads(queue).get(0);
    assertThat(updated.id()).isEqualTo(own.id());
    assertThat(updated.revision()).isEqualTo(own.revision());
    assertThat(text(updated.payload().orElseThrow())).isEqualTo("new");
  }

  @Test
  void anUpdateOfAnEntryThatIsGoneFails() {
    StoreSession session = session();
    Entry own = enqueue(session).self();
    answer(session.remove(own));
    assertFailed(session.update(own, new byte[1]), Outcome.NOT_DONE);
  }

  @Test
  void aDepartureIsToldForWhateverReasonAndToThoseWhoWatchThatEntryOnly() {
    StoreSession watcher = session();
    StoreSession leaving = session();
    Enqueued removed = enqueue(leaving);
    Enqueued deleted = enqueue(leaving);
    Enqueued ended = enqueue(leaving);
    Enqueued own = enqueue(watcher);
    Wait one = watcher.awaitDeparture(removed.self(), own.version());
    Wait two = watcher.awaitDeparture(deleted.self(), own.version());
    Wait three = watcher.awaitDeparture(ended.self(), own.version());
    Wait mine = watcher.awaitDeparture(own.self(), own.version());

    answer(leaving.remove(removed.self()));
    answer(one.departed());
    fixture.deleteEntry(queue, deleted.self().id());
    answer(two.departed());
    assertThat(three.departed().toCompletableFuture()).isNotDone();
    answer(leaving.close());
    answer(three.departed());
    assertThat(mine.departed().toCompletableFuture()).isNotDone();
    mine.cancel();
    eventually(() -> assertThat(fixture.watches()).isZero());
  }

  @Test
  void aDepartureBeforeTheWatchBeganIsNotMissed() {
    StoreSession session = session();
    Enqueued first = enqueue(session());
    Enqueued second = enqueue(session);
    fixture.deleteEntry(queue, first.self().id());
    answer(session.awaitDeparture(first.self(), second.version()).departed());
  }

  @Test
  void aCancelledWatchIsSilent() {
    StoreSession session = session();
    Enqueued own = enqueue(session);
    Wait wait = session.awaitDeparture(own.self(), own.version());
    wait.cancel();
    wait.cancel();
    answer(session.remove(own.self()));
    throughout(aWhile(), () -> assertThat(wait.departed().toCompletableFuture()).isNotDone());
  }

  @Test
  void aWatchOnAQueueShowsThePresentViewAndThenTheLastOneOfEveryChange() {
    StoreSession session = session();
    Recorder<QueueView> views = new Recorder<>();
    Recorder<Throwable> ended = new Recorder<>();
    Subscription watch = probe.watch(queue, Detail.PAYLOADS, views, ended);
    views.await("the empty queue", view -> view.entries().isEmpty());
    Entry first = enqueue(session).self();
    Entry second = enqueue(session).self();
    views.await("both", view -> view.entries().size() == 2);
    answer(session.update(second, new byte[3]));
    views.await("the update", view -> payloadLength(view, second) == 3);
    answer(session.remove(first));
    answer(session.remove(second));

    eventually(() -> assertThat(views.all()).last().matches(view -> view.entries().isEmpty()));
    watch.close();
    watch.close();
    int seen = views.all().size();
    enqueue(session);
    throughout(aWhile(), () -> assertThat(views.all()).hasSize(seen));
    assertThat(ended.all()).isEmpty();
  }

  private static int payloadLength(QueueView view, Entry wanted) {
    return view.entries().stream()
        .filter(entry -> entry.id().equals(wanted.id()))
        .mapToInt(entry -> entry.payload().orElseThrow().length)
        .findFirst()
        .orElse(-1);
  }

  @Test
  void endingASessionDropsAllItsEntriesAndNoOthers() {
    StoreSession one = session();
    StoreSession other = session();
    enqueue(one);
    Entry staying = enqueue(other).self();
    answer(one.enqueue(lockQueue("y"), spec("p")));
    answer(one.close());
    answer(one.close());

    awaitEntries(lockQueue("y"), 0);
    assertThat(entries(queue)).extracting(Entry::id).containsExactly(staying.id());
    assertFailed(one.enqueue(queue, spec("p")), Outcome.SESSION_GONE);
    assertFailed(one.heartbeat(), Outcome.SESSION_GONE);
  }

  @Test
  void theStoreKeepsAnEntryForAsLongAsAHeartbeatHasProved() {
    Link link = newLink();
    StoreSession session = session(link);
    enqueue(session);
    Duration proved = Duration.ZERO;
    long sentAt = System.nanoTime();
    for (int beat = 0; beat < 10 && proved.isZero(); beat++) {
      pause(fixture.renewEvery());
      sentAt = System.nanoTime();
      proved = answer(session.heartbeat());
    }
    link.cut();

    assertThat(proved).isPositive().isLessThanOrEqualTo(session.ttl());
    assertThat(entryGoneAfter(sentAt)).isGreaterThanOrEqualTo(proved);
  }

  @Test
  void theStoreKeepsAnEntryForAsLongAsTheOpeningOfItsSessionHasProved() {
    Link link = newLink();
    long sentAt = System.nanoTime();
    StoreSession session = session(link);
    enqueue(session);
    link.cut();

    assertThat(session.validityFromOpen()).isPositive().isLessThanOrEqualTo(session.ttl());
    assertThat(entryGoneAfter(sentAt)).isGreaterThanOrEqualTo(session.validityFromOpen());
  }

  private Duration entryGoneAfter(long sinceNanos) {
    Duration bound = traits.worstExpiry(fixture.ttl()).plusSeconds(5);
    eventually(bound, () -> assertThat(entries(queue)).isEmpty());
    return Duration.ofNanos(System.nanoTime() - sinceNanos);
  }

  private static void pause(Duration span) {
    throughout(span, () -> {});
  }
}

package io.tenure.inmemory;

import static io.tenure.spi.StoreException.Outcome.REFUSED;
import static io.tenure.spi.StoreException.Outcome.SESSION_GONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tenure.Expected;
import io.tenure.spi.ClientSpec;
import io.tenure.spi.Detail;
import io.tenure.spi.Entry;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.StoreSession;
import io.tenure.spi.Wait;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Sessions and clients: how long they live and what goes with them. */
class SessionTest extends Fixture {
  @Test
  void aSessionLivesForItsTtlAndNotLonger() {
    StoreSession session = session("a");
    enqueue(session);

    time.advance(TTL.minus(TICK));
    assertThat(store.entries(QUEUE)).hasSize(1);

    time.advance(TICK);
    assertThat(store.entries(QUEUE)).isEmpty();
    assertThat(store.sessions()).isEmpty();
  }

  @Test
  void aLateTimerDoesNotProlongASession() {
    StoreSession session = session("a");
    enqueue(session);

    time.advanceWithoutTimers(TTL);

    assertThat(store.entries(QUEUE)).isEmpty();
    assertThat(failureOf(session.heartbeat())).isEqualTo(SESSION_GONE);
  }

  @Test
  void theTimerEndsASessionAlthoughNobodyLooksAtTheStore() {
    StoreSession holder = session("a");
    Entry own = enqueue(holder).self();
    time.advance(TTL.dividedBy(2));
    now(holder.heartbeat());
    time.advance(TICK); // so that the timer of the waiting session is not the one that looks
    Wait wait = session("b").awaitDeparture(own, 0);

    time.advance(TTL.minus(TICK).minus(TICK));
    assertThat(isOpen(wait.departed())).isTrue();
    time.advance(TICK);

    assertThat(isOpen(wait.departed())).isFalse();
  }

  @Test
  void aHeartbeatGuaranteesAFullTtlFromTheMomentItWasSent() {
    StoreSession session = session("a");
    enqueue(session);
    time.advance(TTL.minus(TICK));

    Duration validity = now(session.heartbeat());

    assertThat(validity).isEqualTo(TTL);
    time.advance(validity.minus(TICK));
    assertThat(store.entries(QUEUE)).hasSize(1);
    time.advance(TICK);
    assertThat(store.entries(QUEUE)).isEmpty();
  }

  @Test
  void openingASessionGuaranteesItToo() {
    StoreSession session = session("a");

    assertThat(session.ttl()).isEqualTo(TTL);
    assertThat(session.validityFromOpen()).isEqualTo(TTL);
    assertThat(session.id()).startsWith("a#");
  }

  @Test
  void aSessionCostsOneWriteToOpenOneToEndAndNoneToKeep() {
    StoreSession session = session("a");
    assertThat(store.revision()).isEqualTo(1);
    enqueue(session);
    enqueue(session);
    assertThat(store.revision()).isEqualTo(3);

    for (int i = 0; i < 10; i++) {
      time.advance(TTL.dividedBy(3));
      now(session.heartbeat());
    }
    assertThat(store.revision()).isEqualTo(3);

    now(session.close());
    assertThat(store.revision()).isEqualTo(4);
  }

  @Test
  void closingASessionDropsWhatIsBoundToItAndNothingElse() {
    StoreSession a = session("a");
    StoreSession b = session("b");
    enqueue(a);
    Entry others = enqueue(b).self();
    now(
        a.write(
            Optional.empty(),
            List.of(
                putEphemeral("lamp", Expected.absent(), "on"),
                put("book", Expected.absent(), "kept"))));

    now(a.close());

    assertThat(store.entries(QUEUE)).extracting(Entry::id).containsExactly(others.id());
    assertThat(store.cells()).containsOnlyKeys("book");
    assertThat(store.sessions()).containsExactly(b.id());
  }

  @Test
  void closingIsIdempotentAlsoAfterTheSessionRanOut() {
    StoreSession session = session("a");
    store.expireSession(session.id());

    now(session.close());
    now(session.close());

    assertThat(store.revision()).isEqualTo(2);
  }

  @Test
  void sessionsRunOutInTheOrderOfTheirDeadlines() {
    StoreSession first = session("a");
    StoreSession second = session("b");
    Entry ofFirst = enqueue(first).self();
    Entry ofSecond = enqueue(second).self();
    time.advance(TICK);
    now(first.heartbeat());
    StoreSession observer = session("observer");
    StringBuilder seen = new StringBuilder();
    time.advance(TTL.dividedBy(2));
    now(observer.heartbeat());
    observer.awaitDeparture(ofFirst, 0).departed().thenRun(() -> seen.append("first"));
    observer.awaitDeparture(ofSecond, 0).departed().thenRun(() -> seen.append("second,"));

    time.advanceWithoutTimers(TTL.minus(Duration.ofSeconds(1)));
    assertThat(store.sessions()).containsExactly(observer.id());

    assertThat(seen).hasToString("second,first");
  }

  @Test
  void anEndedSessionLeavesNoTimerBehind() {
    StoreSession session = session("a");
    now(session.heartbeat());

    now(session.close());

    assertThat(time.pendingTasks()).isZero();
  }

  @Test
  void oneTimerServesASessionHoweverManyHeartbeatsItSends() {
    StoreSession session = session("a");
    for (int i = 0; i < 100; i++) {
      time.advance(TTL.dividedBy(3));
      now(session.heartbeat());
    }

    assertThat(time.pendingTasks()).isEqualTo(1);
  }

  @Test
  void closingABackendEndsItsSessionsAndWatchesButNotThoseOfOthers() {
    StoreConnection a = client("a");
    StoreConnection b = client("b");
    enqueue(now(a.openSession()));
    Entry others = enqueue(now(b.openSession())).self();
    a.watch(QUEUE, Detail.NAMES, view -> {}, SessionTest::unexpected);
    b.watch(QUEUE, Detail.NAMES, view -> {}, SessionTest::unexpected);

    a.close();
    a.close();

    assertThat(store.sessions()).singleElement().asString().startsWith("b#");
    assertThat(store.entries(QUEUE)).extracting(Entry::id).containsExactly(others.id());
    assertThat(store.watchCount()).isEqualTo(1);
  }

  @Test
  void aClosedBackendRefusesEverything() {
    StoreConnection backend = client("a");
    StoreSession session = now(backend.openSession());
    backend.close();

    assertThat(failureOf(backend.openSession())).isEqualTo(REFUSED);
    assertThat(failureOf(backend.get("cell"))).isEqualTo(REFUSED);
    assertThat(failureOf(session.heartbeat())).isEqualTo(REFUSED);
    assertThat(failureOf(session.enqueue(QUEUE, entry("")))).isEqualTo(REFUSED);
    now(session.close());
  }

  @Test
  void aTtlThatTheStoreDoesNotTakeIsRefusedWithTheRangeThatItTakes() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> InMemoryBackend.on(store).open(spec(Duration.ofMillis(9))))
        .withMessageContaining("PT0.01S")
        .withMessageContaining("PT24H");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> InMemoryBackend.on(store).open(spec(Duration.ofDays(2))));
  }

  @Test
  void theLateApplyWindowIsWhatTheTestSaysItWillInject() {
    assertThat(InMemoryBackend.on(store).traits().lateApplyWindow()).isZero();
    assertThat(InMemoryBackend.on(store, TTL).traits().lateApplyWindow()).isEqualTo(TTL);
    assertThatIllegalArgumentException().isThrownBy(() -> InMemoryBackend.on(store, TTL.negated()));
  }

  private static ClientSpec spec(Duration ttl) {
    return new ClientSpec("x", ttl, ttl.dividedBy(3), ttl.dividedBy(10), REQUEST_TIMEOUT);
  }

  private static void unexpected(Throwable cause) {
    throw new AssertionError("a watch that its owner closed did not end by itself", cause);
  }
}

package io.tenure.inmemory;

import static io.tenure.inmemory.Faults.Operation.CLOSE_SESSION;
import static io.tenure.inmemory.Faults.Operation.ENQUEUE;
import static io.tenure.inmemory.Faults.Operation.EVENT;
import static io.tenure.inmemory.Faults.Operation.GET;
import static io.tenure.inmemory.Faults.Operation.HEARTBEAT;
import static io.tenure.inmemory.Faults.Operation.OPEN_SESSION;
import static io.tenure.inmemory.Faults.Operation.READ;
import static io.tenure.inmemory.Faults.Operation.REMOVE;
import static io.tenure.inmemory.Faults.Operation.UPDATE;
import static io.tenure.inmemory.Faults.Operation.WATCH;
import static io.tenure.inmemory.Faults.Operation.WITHDRAW;
import static io.tenure.inmemory.Faults.Operation.WRITE;
import static io.tenure.spi.StoreException.Outcome.NOT_DONE;
import static io.tenure.spi.StoreException.Outcome.REFUSED;
import static io.tenure.spi.StoreException.Outcome.SESSION_GONE;
import static io.tenure.spi.StoreException.Outcome.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tenure.Expected;
import io.tenure.inmemory.Faults.Request;
import io.tenure.spi.Detail;
import io.tenure.spi.Enqueued;
import io.tenure.spi.Entry;
import io.tenure.spi.EntrySpec;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.StoreException.Outcome;
import io.tenure.spi.StoreSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What can become of a request. */
class RequestFaultsTest extends Fixture {
  private static final Duration LATE = Duration.ofSeconds(3);

  private final StoreConnection client = client("a");
  private final StoreSession session = now(client.openSession());
  private final StoreSession other = session("b");
  private final EntrySpec spec = entry("");

  @Test
  void aRequestThatFailsBeforeIsNotApplied() {
    store.faults(Faults.once(ENQUEUE, Fault.failBefore()));

    assertThat(failureOf(session.enqueue(QUEUE, spec))).isEqualTo(NOT_DONE);
    assertThat(store.entries(QUEUE)).isEmpty();
    assertThat(now(session.enqueue(QUEUE, spec)).ahead()).isEmpty();
  }

  @Test
  void aRequestThatFailsAfterIsApplied() {
    store.faults(Faults.once(ENQUEUE, Fault.failAfter()));

    assertThat(failureOf(session.enqueue(QUEUE, spec))).isEqualTo(UNKNOWN);
    assertThat(store.entries(QUEUE)).hasSize(1);
  }

  @Test
  void aRefusedRequestIsNotApplied() {
    store.faults(Faults.once(ENQUEUE, Fault.refuse()));

    assertThat(failureOf(session.enqueue(QUEUE, spec))).isEqualTo(REFUSED);
    assertThat(store.entries(QUEUE)).isEmpty();
  }

  @Test
  void aLostAnswerIsUnknownAfterTheRequestTimeoutAndTheRequestIsApplied() {
    store.faults(Faults.once(ENQUEUE, Fault.loseAnswer()));

    CompletionStage<Enqueued> lost = session.enqueue(QUEUE, spec);

    assertThat(store.entries(QUEUE)).hasSize(1);
    time.advance(REQUEST_TIMEOUT.minus(TICK));
    assertThat(isOpen(lost)).isTrue();
    time.advance(TICK);
    assertThat(failureOf(lost)).isEqualTo(UNKNOWN);
    assertThat(now(session.enqueue(QUEUE, spec)).self().id()).isEqualTo(spec.id());
    assertThat(store.entries(QUEUE)).hasSize(1);
  }

  @Test
  void aLostRequestLooksTheSameAndIsNotApplied() {
    store.faults(Faults.once(ENQUEUE, Fault.loseRequest()));

    CompletionStage<Enqueued> lost = session.enqueue(QUEUE, spec);

    time.advance(REQUEST_TIMEOUT);
    assertThat(failureOf(lost)).isEqualTo(UNKNOWN);
    assertThat(store.entries(QUEUE)).isEmpty();
  }

  @Test
  void aHangingRequestIsAppliedAndNeverAnswered() {
    store.faults(Faults.once(ENQUEUE, Fault.hang()));

    CompletionStage<Enqueued> hanging = session.enqueue(QUEUE, spec);

    assertThat(store.entries(QUEUE)).hasSize(1);
    time.advance(TTL.multipliedBy(10));
    assertThat(isOpen(hanging)).isTrue();
  }

  @Test
  void aGhostIsAppliedAfterItWasWithdrawn() {
    store.faults(Faults.once(ENQUEUE, Fault.lateApply(LATE)));

    CompletionStage<Enqueued> lost = session.enqueue(QUEUE, spec);
    time.advance(REQUEST_TIMEOUT);
    assertThat(failureOf(lost)).isEqualTo(UNKNOWN);
    assertThat(now(session.withdraw(QUEUE, spec.id()))).isFalse();

    time.advance(LATE.minus(REQUEST_TIMEOUT));
    assertThat(store.entries(QUEUE)).extracting(Entry::id).containsExactly(spec.id());
    assertThat(now(session.withdraw(QUEUE, spec.id()))).isTrue();
  }

  @Test
  void aGhostOfADeadSessionIsNotApplied() {
    store.faults(Faults.once(ENQUEUE, Fault.lateApply(LATE)));
    session.enqueue(QUEUE, spec);

    now(session.close());
    time.advance(LATE);

    assertThat(store.entries(QUEUE)).isEmpty();
  }

  @Test
  void aGhostOfAWriteIsAppliedOnlyIfItsExpectationStillHolds() {
    store.faults(Faults.once(WRITE, Fault.lateApply(LATE)));
    client.write(List.of(put("k", Expected.absent(), "ghost")));
    now(client.write(List.of(put("k", Expected.absent(), "1"))));

    time.advance(LATE);

    assertThat(store.cells().get("k").text()).isEqualTo("1");
  }

  @Test
  void aDelayedRequestIsAppliedAndAnsweredLate() {
    store.faults(Faults.once(ENQUEUE, Fault.delay(Duration.ofSeconds(1))));

    CompletionStage<Enqueued> slow = session.enqueue(QUEUE, spec);
    now(other.enqueue(QUEUE, entry("")));

    assertThat(store.entries(QUEUE)).hasSize(1);
    time.advance(Duration.ofSeconds(1));
    assertThat(now(slow).ahead()).hasSize(1);
  }

  @Test
  void aDelayedAnswerBelongsToARequestThatWasAppliedAtOnce() {
    store.faults(Faults.once(ENQUEUE, Fault.delayAnswer(Duration.ofSeconds(1))));

    CompletionStage<Enqueued> slow = session.enqueue(QUEUE, spec);
    now(other.enqueue(QUEUE, entry("")));

    assertThat(store.entries(QUEUE)).hasSize(2);
    assertThat(isOpen(slow)).isTrue();
    time.advance(Duration.ofSeconds(1));
    assertThat(now(slow).ahead()).isEmpty();
  }

  @Test
  void aDelayBeyondTheRequestTimeoutIsUnknownAndAppliedAllTheSame() {
    store.faults(Faults.once(ENQUEUE, Fault.delay(LATE)));

    CompletionStage<Enqueued> slow = session.enqueue(QUEUE, spec);

    time.advance(REQUEST_TIMEOUT);
    assertThat(failureOf(slow)).isEqualTo(UNKNOWN);
    time.advance(LATE);
    assertThat(store.entries(QUEUE)).hasSize(1);
  }

  @Test
  void anAnswerInTimeLeavesNoTimeoutBehind() {
    int before = time.pendingTasks();
    store.faults(Faults.once(ENQUEUE, Fault.delay(TICK)));
    session.enqueue(QUEUE, spec);

    time.advance(TICK);

    assertThat(time.pendingTasks()).isEqualTo(before);
  }

  @Test
  void aStaleHeartbeatIsAcknowledgedAndProvesNothing() {
    enqueue(session);
    time.advance(TTL.dividedBy(2));
    now(other.heartbeat());
    store.faults(Faults.once(HEARTBEAT, Fault.staleHeartbeat()));

    assertThat(now(session.heartbeat())).isEqualTo(TTL);

    time.advance(TTL.dividedBy(2));
    assertThat(store.entries(QUEUE)).isEmpty();
    store.faults(Faults.once(HEARTBEAT, Fault.staleHeartbeat()));
    assertThat(now(session.heartbeat())).isEqualTo(TTL);
    assertThat(failureOf(session.heartbeat())).isEqualTo(SESSION_GONE);
  }

  @Test
  void aHeartbeatThatArrivesAfterTheEndRevivesNothing() {
    enqueue(session);
    time.advance(TTL.minus(TICK));
    store.faults(Faults.once(HEARTBEAT, Fault.delay(Duration.ofSeconds(1))));

    CompletionStage<Duration> late = session.heartbeat();
    time.advance(Duration.ofSeconds(1));

    assertThat(failureOf(late)).isEqualTo(SESSION_GONE);
    assertThat(store.entries(QUEUE)).isEmpty();
  }

  @Test
  void aSessionWhoseOpeningWasNeverAnsweredIsGoneAfterItsTtl() {
    store.faults(Faults.once(OPEN_SESSION, Fault.loseAnswer()));

    client("lost").openSession();

    assertThat(store.sessions()).anyMatch(id -> id.startsWith("lost#"));
    time.advance(TTL);
    assertThat(store.sessions()).isEmpty();
  }

  @Test
  void aSessionThatIsOpenedAfterItsClientWasClosedIsNotOpened() {
    store.faults(Faults.once(OPEN_SESSION, Fault.delay(TICK)));
    StoreConnection hasty = client("hasty");
    CompletionStage<StoreSession> opening = hasty.openSession();

    hasty.close();
    time.advance(TICK);

    assertThat(failureOf(opening)).isEqualTo(REFUSED);
    assertThat(store.sessions()).noneMatch(id -> id.startsWith("hasty#"));
  }

  @Test
  void aClientThatCannotSayGoodbyeLeavesItsSessionToTheTtl() {
    enqueue(session);
    store.faults(Faults.once(CLOSE_SESSION, Fault.loseRequest()));

    client.close();

    assertThat(store.entries(QUEUE)).hasSize(1);
    time.advance(TTL);
    assertThat(store.entries(QUEUE)).isEmpty();
  }

  @Test
  void everyRequestIsAskedAboutByItsKindClientAndTarget() {
    List<Request> asked = new ArrayList<>();
    store.faults(
        request -> {
          asked.add(request);
          return Fault.none();
        });
    StoreSession mine = now(client.openSession());
    Entry own = now(mine.enqueue(QUEUE, spec)).self();
    mine.awaitDeparture(own, 0);
    now(mine.heartbeat());
    now(mine.update(own, bytes("")));
    now(client.read(QUEUE, Detail.NAMES));
    now(client.get("cell"));
    now(client.write(List.of(put("cell", Expected.absent(), ""))));
    now(mine.write(Optional.of(own), List.of(put("cell", Expected.absent(), ""))));
    now(mine.remove(own));
    now(mine.withdraw(OTHER_QUEUE, spec.id()));
    now(mine.close());

    assertThat(asked)
        .containsExactly(
            new Request(OPEN_SESSION, "a", ""),
            new Request(ENQUEUE, "a", QUEUE.path()),
            new Request(WATCH, "a", QUEUE.path()),
            new Request(HEARTBEAT, "a", mine.id()),
            new Request(UPDATE, "a", QUEUE.path()),
            new Request(READ, "a", QUEUE.path()),
            new Request(GET, "a", "cell"),
            new Request(WRITE, "a", "cell"),
            new Request(WRITE, "a", "cell"),
            new Request(REMOVE, "a", QUEUE.path()),
            new Request(EVENT, "a", QUEUE.path()),
            new Request(WITHDRAW, "a", OTHER_QUEUE.path()),
            new Request(CLOSE_SESSION, "a", mine.id()));
  }

  @Test
  void theDeciderMayActOnTheStoreItself() {
    store.faults(
        request -> {
          if (request.operation() == ENQUEUE) {
            store.expireSession(session.id());
          }
          return Fault.none();
        });

    Outcome outcome = failureOf(session.enqueue(QUEUE, spec));

    assertThat(outcome).isEqualTo(SESSION_GONE);
  }

  @Test
  void aDelayOfNothingIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> Fault.delay(Duration.ZERO));
    assertThatIllegalArgumentException().isThrownBy(() -> Fault.lateApply(Duration.ofNanos(-1)));
    assertThatIllegalArgumentException().isThrownBy(() -> Fault.delayAnswer(Duration.ZERO));
  }
}

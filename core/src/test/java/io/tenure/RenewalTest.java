package io.tenure;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How the {@link SessionKeeper} renews its session, and how it learns that it is over. */
class RenewalTest {
  private static final Duration NANO = Duration.ofNanos(1);

  private final Script script = new Script();
  private final ScriptedStore store = script.store;
  private final SessionKeeper sessions = script.context.sessions;
  private final List<String> told = new ArrayList<>();
  private LiveSession session;
  private long openedAtNanos;

  @BeforeEach
  void open() {
    store.beatsAtOnce = false;
    openedAtNanos = script.time.nowNanos;
    session = script.session();
    session.add(
        new LiveSession.Member() {
          @Override
          public void sessionEnded(LossReason reason) {
            told.add("ended " + reason);
          }

          @Override
          public void renewed() {
            told.add("renewed");
          }
        });
  }

  private void prove() {
    store.take("beat").complete(ScriptedStore.TTL);
  }

  private Duration left() {
    return Duration.ofNanos(session.deadline().remainingNanos(script.time.nowNanos));
  }

  private void assertEnded(LossReason reason) {
    assertThat(told).containsExactly("ended " + reason);
    assertThat(sessions.shown()).isEmpty();
    assertThat(script.events(CoordinationEvent.SessionLost.class))
        .extracting(CoordinationEvent.SessionLost::reason)
        .containsExactly(reason);
  }

  @Test
  void isSentInItsRhythmAndCountsFromItsSending() {
    script.time.pass(Script.RENEW_EVERY.minus(NANO));
    assertThat(store.asked()).isEmpty();
    script.time.pass(NANO);
    assertThat(store.asked()).containsExactly("beat");

    script.time.pass(Duration.ofSeconds(2));
    prove();

    assertThat(left()).isEqualTo(Script.USABLE.minusSeconds(2));
    assertThat(session.provedAtNanos()).isEqualTo(openedAtNanos + Script.RENEW_EVERY.toNanos());
    assertThat(told).containsExactly("renewed");
    script.time.pass(Duration.ofSeconds(3).minus(NANO));
    assertThat(store.asked()).isEmpty();
    script.time.pass(NANO);
    assertThat(store.asked()).containsExactly("beat");
  }

  @Test
  void oneThatFailedMakesTheSessionSuspectAndIsSentAgainSoonUntilOneIsProved() {
    script.time.pass(Script.RENEW_EVERY);

    store.fail("beat", Outcome.NOT_DONE);
    assertThat(session.isSuspect()).isTrue();
    assertThat(script.events(CoordinationEvent.RenewalFailed.class))
        .singleElement()
        .extracting(CoordinationEvent.RenewalFailed::session, e -> e.remaining())
        .containsExactly("session-1", Script.USABLE.minus(Script.RENEW_EVERY));
    script.time.pass(Script.PAUSE);
    store.fail("beat", Outcome.UNKNOWN);
    script.time.pass(Script.SECOND_PAUSE.minus(NANO));
    assertThat(store.asked()).isEmpty();
    script.time.pass(NANO);
    prove();

    assertThat(session.isSuspect()).isFalse();
    script.time.pass(Script.RENEW_EVERY);
    store.fail("beat", Outcome.NOT_DONE);
    script.time.pass(Script.PAUSE);
    assertThat(store.asked()).as("the pauses have begun anew").containsExactly("beat");
  }

  @Test
  void theNextSessionBeginsItsPausesAnew() {
    script.time.pass(Script.RENEW_EVERY);
    store.fail("beat", Outcome.NOT_DONE);
    script.time.pass(Script.PAUSE);
    store.fail("beat", Outcome.SESSION_GONE);
    script.session();

    script.time.pass(Script.RENEW_EVERY);
    store.fail("beat", Outcome.NOT_DONE);
    script.time.pass(Script.PAUSE);

    assertThat(store.asked()).containsExactly("beat");
  }

  @Test
  void oneThatIsNotAnsweredBeforeTheNextHasFailedButItsLateAnswerStillCounts() {
    script.time.pass(Script.RENEW_EVERY);
    CompletableFuture<Duration> slow = store.take("beat");

    script.time.pass(Script.RENEW_EVERY);
    assertThat(script.events(CoordinationEvent.RenewalFailed.class)).hasSize(1);
    slow.complete(ScriptedStore.TTL);

    assertThat(left()).isEqualTo(Script.USABLE.minus(Script.RENEW_EVERY));
    assertThat(told).containsExactly("renewed");
  }

  @Test
  void theDeadlineIsNoticedAtItsMomentAndTheStoreToldWhenTheReserveIsOver() {
    script.time.pass(Script.USABLE.minus(NANO));
    assertThat(told).isEmpty();
    script.time.pass(NANO);
    assertEnded(LossReason.EXPIRED);

    Duration reserve = ScriptedStore.TTL.minus(Script.USABLE);
    script.time.pass(reserve.minus(NANO));
    assertThat(store.closed).isEmpty();
    script.time.pass(NANO);
    assertThat(store.closed).containsExactly("session-1");
  }

  @Test
  void aDeadlineThatWasMovedIsNoticedAtItsNewMoment() {
    script.time.pass(Script.RENEW_EVERY);
    prove();
    told.clear();

    script.time.pass(Script.USABLE.minus(NANO));
    assertThat(told).isEmpty();
    script.time.pass(NANO);
    assertEnded(LossReason.EXPIRED);
  }

  @Test
  void whoeverAsksAfterTheDeadlineNoticesItOnceAndNothingIsSentForItAnyMore() {
    script.time.pause(Script.USABLE);

    script.inLane(() -> assertThat(sessions.live()).isEmpty());
    script.inLane(() -> assertThat(sessions.live()).isEmpty());
    script.time.pass(Script.RENEW_EVERY);

    assertEnded(LossReason.EXPIRED);
    assertThat(store.asked()).isEmpty();
  }

  @Test
  void oneThatIsDueAfterTheDeadlineIsNotSent() {
    script.time.pause(Script.USABLE);
    script.time.pass(Duration.ZERO);

    assertThat(store.asked()).isEmpty();
    assertEnded(LossReason.EXPIRED);
  }

  @Test
  void anAnswerAfterTheDeadlineProvesNothing() {
    script.time.pass(Script.RENEW_EVERY);

    script.time.pause(Script.USABLE);
    prove();

    assertEnded(LossReason.EXPIRED);
    assertThat(session.provedAtNanos()).isEqualTo(openedAtNanos);
  }

  @Test
  void aFailureAfterTheDeadlineIsNoNews() {
    script.time.pass(Script.RENEW_EVERY);

    script.time.pause(Script.USABLE);
    store.fail("beat", Outcome.SESSION_GONE);

    assertEnded(LossReason.EXPIRED);
    assertThat(script.events(CoordinationEvent.RenewalFailed.class)).isEmpty();
    assertThat(session.isSuspect()).isFalse();
  }

  @Test
  void aSessionThatTheStoreDoesNotKnowIsOverAndClosedAtOnce() {
    script.time.pass(Script.RENEW_EVERY);

    store.fail("beat", Outcome.SESSION_GONE);

    assertEnded(LossReason.SESSION_LOST);
    assertThat(script.events(CoordinationEvent.SessionLost.class).get(0).cause())
        .hasValueSatisfying(cause -> assertThat(cause).hasMessage("for this test"));
    assertThat(script.events(CoordinationEvent.RenewalFailed.class)).isEmpty();
    script.time.pass(Duration.ZERO);
    assertThat(store.closed).containsExactly("session-1");
    script.time.pass(ScriptedStore.TTL);
    assertThat(store.asked()).isEmpty();
  }

  @Test
  void aStoreThatWentBackEndsItAndIsToldWhenTheReserveIsOver() {
    script.time.pass(Script.RENEW_EVERY);

    store.fail("beat", Outcome.STORE_REGRESSED);

    assertEnded(LossReason.STORE_REGRESSED);
    script.time.pass(Duration.ZERO);
    assertThat(store.closed).isEmpty();
    script.time.pass(ScriptedStore.TTL.minus(Script.USABLE));
    assertThat(store.closed).containsExactly("session-1");
  }

  @Test
  void aFailureInTheNameOfAFormerSessionEndsNotThePresentOne() {
    StoreException gone = new StoreException(Outcome.SESSION_GONE, "for this test");
    StoreException unknown = new StoreException(Outcome.UNKNOWN, "for this test");
    script.inLane(() -> assertThat(sessions.endedBy(session, unknown)).isFalse());
    assertThat(sessions.shown()).contains(session);
    script.inLane(() -> assertThat(sessions.endedBy(session, gone)).isTrue());
    LiveSession next = script.session();

    script.inLane(() -> assertThat(sessions.endedBy(session, gone)).isTrue());

    assertThat(sessions.shown()).isEqualTo(Optional.of(next));
    assertThat(told).containsExactly("ended SESSION_LOST");
  }

  @Test
  void anAnswerToAFormerSessionsRenewalDoesNotTouchThePresentOne() {
    script.time.pass(Script.RENEW_EVERY);
    script.inLane(
        () -> sessions.endedBy(session, new StoreException(Outcome.SESSION_GONE, "gone")));
    LiveSession next = script.session();

    store.fail("beat", Outcome.SESSION_GONE);

    assertThat(sessions.shown()).isEqualTo(Optional.of(next));
    assertThat(next.isSuspect()).isFalse();
  }
}

package io.tenure;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.Script.Want;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * How the client's one session is opened. {@link RenewalTest} and {@link SessionClosingTest} have
 * the rest of its life.
 */
class SessionKeeperTest {
  private static final Duration NANO = Duration.ofNanos(1);

  /** Just so that two renewals and the margin fit in. */
  private static final Duration SHORTEST_TTL = Duration.ofNanos(11_055_276_381L);

  private final Script script = new Script();
  private final ScriptedStore store = script.store;
  private final SessionKeeper sessions = script.context.sessions;

  private Want want() {
    Want want = new Want();
    script.inLane(() -> sessions.request(want));
    return want;
  }

  private void forget(Want want) {
    script.inLane(() -> sessions.forget(want));
  }

  @Test
  void allWhoWaitGetTheOneThatIsOpened() {
    store.opensAtOnce = false;
    Want first = want();
    Want second = want();
    assertThat(store.asked()).containsExactly("open");
    assertThat(sessions.isNeeded()).isTrue();
    assertThat(sessions.shown()).isEmpty();

    store.take("open").complete(store.session());

    assertThat(first.got).hasSize(1).isEqualTo(second.got);
    assertThat(first.got.get(0).generation()).isEqualTo(ScriptedStore.GENERATION);
    assertThat(sessions.isNeeded()).isFalse();
    assertThat(sessions.shown()).contains(first.got.get(0));
    assertThat(want().got).isEqualTo(first.got);
    assertThat(script.events(CoordinationEvent.SessionOpened.class))
        .containsExactly(new CoordinationEvent.SessionOpened("session-1", ScriptedStore.TTL));
  }

  @Test
  void whoHasGotOneIsNotToldOfTheNext() {
    Want first = want();
    script.inLane(() -> sessions.endedBy(first.got.get(0), gone()));

    assertThat(want().got).hasSize(1);

    assertThat(first.got).hasSize(1);
  }

  @Test
  void isNeededUntilTheLastWhoWaitsHasGoneAndKeptForTheNext() {
    store.opensAtOnce = false;
    Want first = want();
    Want second = want();

    forget(first);
    assertThat(sessions.isNeeded()).isTrue();
    forget(second);
    assertThat(sessions.isNeeded()).isFalse();
    store.take("open").complete(store.session());

    assertThat(first.got).isEmpty();
    assertThat(want().got).hasSize(1);
  }

  @Test
  void anOpeningThatFailedIsTriedAgainAfterGrowingPausesWhileAnyoneWaits() {
    store.opensAtOnce = false;
    Want want = want();

    store.fail("open", Outcome.NOT_DONE);
    assertThat(store.asked()).isEmpty();
    script.time.pass(Script.PAUSE);
    store.fail("open", Outcome.UNKNOWN);
    script.time.pass(Script.SECOND_PAUSE);
    store.fail("open", Outcome.SESSION_GONE);
    forget(want);
    script.time.pass(Duration.ofSeconds(1));

    assertThat(store.asked()).isEmpty();
    assertThat(script.events(CoordinationEvent.Retrying.class))
        .extracting(CoordinationEvent.Retrying::what)
        .containsExactly("session: open", "session: open", "session: open");
  }

  @Test
  void anOpeningThatFailedIsNotTriedAgainWhenNobodyWaits() {
    store.opensAtOnce = false;
    forget(want());

    store.fail("open", Outcome.NOT_DONE);

    assertThat(script.events(CoordinationEvent.Retrying.class)).isEmpty();
    want();
    assertThat(store.asked()).containsExactly("open");
  }

  @Test
  void whoAsksDuringThePauseIsServedAndThePauseOpensNoSecondOne() {
    store.opensAtOnce = false;
    want();
    store.fail("open", Outcome.NOT_DONE);

    want();
    assertThat(store.asked()).containsExactly("open");
    script.time.pass(Script.PAUSE);
    assertThat(store.asked()).containsExactly("open");
    store.take("open").complete(store.session());
    script.time.pass(Script.PAUSE);

    assertThat(store.asked()).isEmpty();
  }

  @Test
  void aSessionThatWasOpenedBeginsThePausesAnew() {
    store.opensAtOnce = false;
    Want want = want();
    store.fail("open", Outcome.NOT_DONE);
    script.time.pass(Script.PAUSE);
    store.take("open").complete(store.session());
    script.inLane(() -> sessions.endedBy(want.got.get(0), gone()));
    want();

    store.fail("open", Outcome.NOT_DONE);

    assertThat(script.events(CoordinationEvent.Retrying.class))
        .extracting(CoordinationEvent.Retrying::pause)
        .containsExactly(Script.PAUSE, Script.PAUSE);
  }

  private static StoreException gone() {
    return new StoreException(Outcome.SESSION_GONE, "for this test");
  }

  @Test
  void aRefusalIsToldToAllWhoWaitAndEndsTheirWaiting() {
    store.opensAtOnce = false;
    Want first = want();
    Want second = want();

    store.fail("open", Outcome.REFUSED);

    assertThat(first.refusals).hasSize(1).isEqualTo(second.refusals);
    assertThat(sessions.isNeeded()).isFalse();
    script.time.pass(Duration.ofSeconds(1));
    assertThat(store.asked()).isEmpty();
    want();
    store.take("open").complete(store.session());
    assertThat(first.got).isEmpty();
  }

  @Test
  void aGenerationThatNobodyCanReadIsARefusal() {
    store.generation = "seven";

    assertThat(want().refusals)
        .singleElement()
        .extracting(StoreException::outcome)
        .isEqualTo(Outcome.REFUSED);
  }

  @Test
  void anAnswerMayTakeAsLongAsTheTtlAndTheSessionCountsFromTheRequest() {
    store.opensAtOnce = false;
    store.beatsAtOnce = false;
    Want want = want();

    script.time.pass(Duration.ofSeconds(12));
    store.take("open").complete(store.session());

    LiveSession session = want.got.get(0);
    assertThat(session.provedAtNanos())
        .isEqualTo(script.time.nowNanos - Duration.ofSeconds(12).toNanos());
    assertThat(session.deadline().remainingNanos(script.time.nowNanos))
        .isEqualTo(Script.USABLE.minusSeconds(12).toNanos());
    assertThat(store.asked()).isEmpty();
    script.time.pass(Duration.ZERO);
    assertThat(store.asked()).as("late already").containsExactly("beat");
  }

  @Test
  void anAnswerAfterTheSessionsOwnDeadlineIsNoSession() {
    store.opensAtOnce = false;
    Want want = want();

    script.time.pass(Script.USABLE);
    store.take("open").complete(store.session());

    assertThat(want.got).isEmpty();
    assertThat(store.closed).containsExactly("session-1");
    assertThat(script.events(CoordinationEvent.Retrying.class))
        .singleElement()
        .satisfies(
            retrying ->
                assertThat(retrying.cause())
                    .hasMessage("the session was answered after its own deadline"));
    script.time.pass(Script.PAUSE);
    assertThat(store.asked()).containsExactly("open");
  }

  @Test
  void anAnswerAfterTheRequestWasGivenUpIsClosed() {
    store.opensAtOnce = false;
    want();
    var late = store.take("open");

    script.time.pass(ScriptedStore.TTL);
    late.complete(store.session());

    assertThat(store.closed).containsExactly("session-1");
    assertThat(sessions.shown()).isEmpty();
  }

  @Test
  void aTtlIntoWhichTwoRenewalsDoNotFitIsRefusedAndTheSessionClosed() {
    store.ttl = SHORTEST_TTL.minus(NANO);

    Want want = want();

    assertThat(want.got).isEmpty();
    assertThat(want.refusals)
        .singleElement()
        .satisfies(
            e -> {
              assertThat(e.outcome()).isEqualTo(Outcome.REFUSED);
              assertThat(e)
                  .hasMessage(
                      "the store granted a TTL of 11055 ms, but two renewals every 5000 ms and the"
                          + " safety margin of 1000 ms must fit into it");
            });
    assertThat(store.closed).containsExactly("session-1");
  }

  @Test
  void aTtlIntoWhichTwoRenewalsJustFitIsTaken() {
    store.ttl = SHORTEST_TTL;

    assertThat(want().got).hasSize(1);
  }
}

package io.tenure;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.spi.Enqueued;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An entry is asked for under one id, and none is left behind, whatever becomes of the answers. */
class EnqueuingTest {
  private final Script script = new Script();
  private final ScriptedStore store = script.store;
  private final List<String> told = new ArrayList<>();
  private final Enqueuing enqueuing =
      new Enqueuing(script.context, ScriptedStore.QUEUE, "lock 'a'", new Teller());

  private final class Teller implements Enqueuing.Owner {
    @Override
    public void found(LiveSession session) {
      told.add("found " + session);
    }

    @Override
    public void enqueued(Enqueued enqueued) {
      told.add("enqueued at " + enqueued.version());
    }

    @Override
    public void refused(StoreException e) {
      told.add("refused");
    }
  }

  private void begin() {
    script.inLane(enqueuing::begin);
  }

  private void cancel() {
    script.inLane(enqueuing::cancel);
  }

  @Test
  void findsTheSessionFirstAndThenTellsOfTheEntry() {
    begin();
    assertThat(told).containsExactly("found session-1");

    store.enqueued(1, 7);

    assertThat(told).containsExactly("found session-1", "enqueued at 7");
    assertThat(enqueuing.isAmbiguous()).isFalse();
    assertThat(store.asked()).isEmpty();
  }

  @Test
  void aLostAnswerIsAskedForAgainUnderTheSameIdAndIsRemembered() {
    begin();

    store.fail("enqueue 1", Outcome.UNKNOWN);
    assertThat(store.asked()).isEmpty();
    assertThat(enqueuing.isAmbiguous()).isTrue();
    assertThat(enqueuing.failure()).hasMessage("for this test");
    assertThat(script.events(CoordinationEvent.Retrying.class))
        .extracting(CoordinationEvent.Retrying::what)
        .containsExactly("lock 'a': enqueue");
    script.time.pass(Script.PAUSE);
    store.fail("enqueue 1", Outcome.NOT_DONE);
    assertThat(enqueuing.isAmbiguous()).as("still").isTrue();
    script.time.pass(Script.SECOND_PAUSE);
    store.enqueued(1, 7);

    assertThat(told).containsExactly("found session-1", "enqueued at 7");
  }

  @Test
  void whatWasCertainlyNotDoneIsAskedForAgainAndLeavesNoDoubt() {
    begin();

    store.fail("enqueue 1", Outcome.NOT_DONE);
    script.time.pass(Script.PAUSE);

    assertThat(store.asked()).containsExactly("enqueue 1");
    assertThat(enqueuing.isAmbiguous()).isFalse();
  }

  @Test
  void aRequestThatIsNotAnsweredInTimeIsALostAnswer() {
    begin();

    script.time.pass(Script.REQUEST_TIMEOUT);

    assertThat(enqueuing.isAmbiguous()).isTrue();
  }

  @Test
  void aRefusalIsFinal() {
    begin();

    store.fail("enqueue 1", Outcome.REFUSED);

    assertThat(told).containsExactly("found session-1", "refused");
    assertThat(store.asked()).isEmpty();
    cancel();
    script.time.pass(Script.SECOND_PAUSE);
    assertThat(store.asked()).isEmpty();
  }

  @Test
  void aRefusalAfterALostAnswerLeavesNoEntryBehind() {
    begin();
    store.fail("enqueue 1", Outcome.UNKNOWN);
    script.time.pass(Script.PAUSE);

    store.fail("enqueue 1", Outcome.REFUSED);

    assertThat(told).containsExactly("found session-1", "refused");
    assertThat(store.asked()).containsExactly("withdraw 1");
  }

  @Test
  void aSessionThatIsGoneEndsAndIsNotAskedAgain() {
    begin();

    store.fail("enqueue 1", Outcome.SESSION_GONE);
    script.time.pass(Script.SECOND_PAUSE);

    assertThat(script.context.sessions.shown()).isEmpty();
    assertThat(store.asked()).isEmpty();
    assertThat(script.events(CoordinationEvent.SessionLost.class)).hasSize(1);
  }

  @Test
  void aStoreThatWentBackEndsTheSession() {
    begin();

    store.fail("enqueue 1", Outcome.STORE_REGRESSED);

    assertThat(script.context.sessions.shown()).isEmpty();
  }

  @Test
  void anEntryThatIsAnsweredAfterCancellingIsRemoved() {
    begin();

    cancel();
    assertThat(store.asked()).containsExactly("enqueue 1");
    store.enqueued(1, 7);

    assertThat(told).containsExactly("found session-1");
    assertThat(store.asked()).containsExactly("remove 1");
  }

  @Test
  void anEntryWhoseAnswerIsLostAfterCancellingIsLookedFor() {
    begin();

    cancel();
    store.fail("enqueue 1", Outcome.UNKNOWN);

    assertThat(store.asked()).containsExactly("withdraw 1");
  }

  @Test
  void anEntryThatWasCertainlyNotMadeIsNotLookedFor() {
    begin();

    cancel();
    store.fail("enqueue 1", Outcome.NOT_DONE);
    script.time.pass(Script.SECOND_PAUSE);

    assertThat(store.asked()).isEmpty();
    assertThat(script.events(CoordinationEvent.Retrying.class)).isEmpty();
  }

  @Test
  void cancellingBetweenTwoTriesEndsThemAndLooksForTheEntryOnce() {
    begin();
    store.fail("enqueue 1", Outcome.UNKNOWN);

    cancel();
    cancel();
    assertThat(store.asked()).containsExactly("withdraw 1");
    script.time.pass(Script.PAUSE);

    assertThat(store.asked()).containsExactly("withdraw 1");
  }

  @Test
  void cancellingWhileATryIsUnderwayWaitsForItsAnswer() {
    begin();
    store.fail("enqueue 1", Outcome.UNKNOWN);
    script.time.pass(Script.PAUSE);

    cancel();
    assertThat(store.asked()).as("which may still apply it").containsExactly("enqueue 1");

    store.enqueued(1, 7);
    assertThat(store.asked()).containsExactly("remove 1");
  }

  @Test
  void cancellingAfterTheAnswerLeavesTheEntryToItsOwner() {
    begin();
    store.fail("enqueue 1", Outcome.UNKNOWN);
    script.time.pass(Script.PAUSE);
    store.enqueued(1, 7);

    cancel();

    assertThat(store.asked()).isEmpty();
  }

  @Test
  void whoCancelsBeforeThereIsASessionIsForgotten() {
    store.opensAtOnce = false;
    begin();
    assertThat(script.context.sessions.isNeeded()).isTrue();

    cancel();
    assertThat(script.context.sessions.isNeeded()).isFalse();
    store.take("open").complete(store.session());

    assertThat(told).isEmpty();
    assertThat(store.asked()).isEmpty();
  }

  @Test
  void whoHasEndedTakesNeitherASessionNorARefusal() {
    LiveSession session = script.session();
    cancel();

    script.inLane(() -> enqueuing.live(session));
    script.inLane(() -> enqueuing.refused(new StoreException(Outcome.REFUSED, "for this test")));

    assertThat(told).isEmpty();
    assertThat(store.asked()).isEmpty();
  }

  @Test
  void aSessionThatIsRefusedIsARefusalAndToldOnce() {
    store.opensAtOnce = false;
    begin();

    store.fail("open", Outcome.REFUSED);
    script.inLane(() -> enqueuing.refused(new StoreException(Outcome.REFUSED, "for this test")));

    assertThat(told).containsExactly("refused");
  }
}

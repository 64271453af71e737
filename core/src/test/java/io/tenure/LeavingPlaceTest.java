package io.tenure;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.spi.StoreException.Outcome;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How a contender that holds nothing leaves a queue, of its own will or not. */
class LeavingPlaceTest extends PlaceFixture {
  @Test
  void aWaiterEntersAgainWhenItsSessionExpires() {
    enterBehind(91);
    store.beatsAtOnce = false;

    script.time.pass(Script.USABLE);

    assertThat(contender.told).isEmpty();
    assertThat(store.asked()).contains("enqueue 2");
    assertThat(store.watched()).isEmpty();
    assertThat(place.session()).isSameAs(script.context.sessions.live().orElseThrow());
  }

  @Test
  void whoseEntryIsNotAnsweredEntersAgainWhenItsSessionExpires() {
    enter();
    store.beatsAtOnce = false;

    script.time.pause(Script.USABLE);
    script.time.pass(Duration.ZERO);

    assertThat(store.asked()).contains("enqueue 2");
    assertThat(place.wasAnswered()).isFalse();
  }

  @Test
  void aWaiterDoesNotEnterAgainWhenItsClientIsClosed() {
    enterBehind(91);

    script.inLane(script.context.sessions::close);

    assertThat(store.asked()).isEmpty();
    assertThat(store.watched()).isEmpty();
    assertThat(contender.told).isEmpty();
  }

  @Test
  void leavingWhileWaitingRemovesTheEntryAndTellsWhenItIsGone() {
    enterBehind(91);

    script.inLane(() -> place.leave(() -> contender.told.add("gone")));

    assertThat(store.asked()).containsExactly("remove 1");
    assertThat(store.watched()).isEmpty();
    assertThat(contender.told).isEmpty();
    store.take("remove 1").complete(true);
    assertThat(contender.told).containsExactly("gone");
  }

  @Test
  void whoHasLeftIsNotPutBackIntoTheQueueByTheEndOfTheSession() {
    enterBehind(91);
    LiveSession session = place.session();
    script.inLane(() -> place.leave(() -> {}));

    assertThat(session.members()).isEmpty();
    script.inLane(() -> place.sessionEnded(LossReason.EXPIRED));

    assertThat(store.asked()).containsExactly("remove 1");
  }

  @Test
  void leavingBeforeTheEntryIsAnsweredIsDoneAtOnceAndTheLateEntryIsRemoved() {
    enter();

    script.inLane(() -> place.leave(() -> contender.told.add("gone")));
    assertThat(contender.told).containsExactly("gone");

    store.enqueued(1, 7);
    assertThat(contender.told).containsExactly("gone");
    assertThat(store.asked()).containsExactly("remove 1");
  }

  @Test
  void leavingBeforeThereIsASessionIsDoneAtOnceAndAsksForNothing() {
    store.opensAtOnce = false;
    enter();

    script.inLane(() -> place.leave(() -> contender.told.add("gone")));
    store.take("open").complete(store.session());

    assertThat(contender.told).containsExactly("gone");
    assertThat(store.asked()).isEmpty();
  }

  @Test
  void anEntryWhoseAnswerWasOnceLostIsLookedForAgainAfterItsRemoval() {
    Script late = new Script(Duration.ofSeconds(8));
    QueuePlace it = new QueuePlace(late.context, ScriptedStore.QUEUE, "lock 'a'", false, contender);
    late.inLane(it::enter);
    late.store.fail("enqueue", Outcome.UNKNOWN);
    late.time.pass(Script.PAUSE);
    late.store.enqueued(1, 7, 91);

    late.inLane(() -> it.leave(() -> {}));
    late.store.take("remove 1").complete(true);
    late.time.pass(Duration.ofSeconds(8));

    assertThat(late.store.asked()).containsExactly("withdraw 1");
  }

  @Test
  void aRefusedEntryIsAFailureAndNothingIsTriedAgain() {
    enter();
    LiveSession session = place.session();

    store.fail("enqueue", Outcome.REFUSED);

    assertThat(contender.told).containsExactly("failed");
    assertThat(contender.failure)
        .isInstanceOf(BackendRefusedException.class)
        .hasMessage("lock 'a': for this test");
    assertThat(session.members()).isEmpty();
    script.time.pass(Duration.ofMinutes(1));
    assertThat(store.asked()).isEmpty();
  }
}

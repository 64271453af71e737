package io.tenure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.tenure.spi.Enqueued;
import io.tenure.spi.Entry;
import io.tenure.spi.StoreException.Outcome;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/**
 * One contender's way through a queue. {@link WaitingPlaceTest} has what can disturb it, {@link
 * LeavingPlaceTest} how it ends, and {@link HeldPlaceTest} what comes after the grant.
 */
class QueuePlaceTest extends PlaceFixture {
  @Test
  void nobodyAheadIsAGrantWithoutAnotherRequest() {
    enterBehind();

    assertThat(contender.told).containsExactly("granted 1");
    assertThat(contender.token)
        .isEqualTo(
            FencingToken.of(ScriptedStore.GENERATION, place.self().revision().orElseThrow()));
    assertThat(contender.session).isSameAs(place.session());
    assertThat(store.asked()).isEmpty();
    assertThat(store.watched()).isEmpty();
  }

  @Test
  void theOnlyOneAheadIsWatchedAndItsDepartureIsTheGrant() {
    enterBehind(91);
    assertThat(store.watched()).containsExactlyInAnyOrder("91@7", "1@7");
    assertThat(contender.told).isEmpty();

    store.watch(91).departs();

    assertThat(contender.told).containsExactly("granted 1");
    assertThat(store.asked()).isEmpty();
    assertThat(store.watched()).containsExactly("1@7");
  }

  @Test
  void ofSeveralAheadTheLastIsWatchedAndTheQueueIsReadWhenItDeparts() {
    enterBehind(91, 92);
    assertThat(store.watched()).containsExactlyInAnyOrder("92@7", "1@7");

    store.watch(92).departs();
    assertThat(contender.told).isEmpty();
    assertThat(store.asked()).containsExactly("read");

    store.read(8, 91, 1, 95);
    assertThat(contender.told).isEmpty();
    assertThat(store.watched()).containsExactlyInAnyOrder("91@8", "1@7");

    store.watch(91).departs();
    assertThat(contender.told).containsExactly("granted 1");
  }

  @Test
  void aReadThatShowsNobodyAheadIsTheGrant() {
    enterBehind(91, 92);
    store.watch(92).departs();

    store.read(8, 1, 95);

    assertThat(contender.told).containsExactly("granted 1");
  }

  @Test
  void aDepartureIsNoGrantOnceTheSessionIsOver() {
    enterBehind(91);
    ScriptedStore.Watch blocker = store.watch(91);

    script.time.pause(Script.USABLE);
    blocker.departs();

    assertThat(contender.told).isEmpty();
    assertThat(store.asked()).as("the entry in the next session").containsExactly("enqueue 2");
  }

  @Test
  void anAnswerIsNoGrantOnceTheSessionIsOver() {
    enter();

    script.time.pause(Script.USABLE);
    store.enqueued(1, 7);

    assertThat(contender.told).isEmpty();
    assertThat(store.asked()).containsExactly("enqueue 2");
    store.enqueued(2, 8);
    assertThat(contender.told).containsExactly("granted 2");
  }

  @Test
  void aDepartureIsNoReasonToReadOnceTheSessionIsOver() {
    enterBehind(91, 92);
    ScriptedStore.Watch blocker = store.watch(92);

    script.time.pause(Script.USABLE);
    blocker.departs();

    assertThat(store.asked()).containsExactly("enqueue 2");
  }

  @Test
  void anEntryOfAnotherSessionThanThePresentOneIsNoGrant() {
    LiveSession present = script.session();
    place.found(new LiveSession(store.session(), present.deadline(), 0, 0));

    script.inLane(() -> place.enqueued(new Enqueued(ScriptedStore.entry(1), List.of(), 7)));

    assertThat(contender.told).isEmpty();
  }

  @Test
  void oneTryLeavesAtOnceWhenSomebodyIsAhead() {
    QueuePlace once = place(true);
    script.inLane(once::enter);

    store.enqueued(1, 7, 91);

    assertThat(contender.told).containsExactly("busy");
    assertThat(store.asked()).containsExactly("remove 1");
    assertThat(store.watched()).isEmpty();
  }

  @Test
  void oneTryIsGrantedWhenNobodyIsAhead() {
    QueuePlace once = place(true);
    script.inLane(once::enter);

    store.enqueued(1, 7);

    assertThat(contender.told).containsExactly("granted 1");
  }

  @Test
  void anEntryWithoutARevisionMakesNoTokenAndIsLeft() {
    enter();
    Entry own = ScriptedStore.entry(1);
    Entry bare =
        new Entry(own.queue(), own.id(), "w", 1, OptionalLong.empty(), "", Optional.empty());

    store.take("enqueue").complete(new Enqueued(bare, List.of(), 7));

    assertThat(contender.told).containsExactly("failed");
    assertThat(contender.failure).hasMessage("lock 'a': no token can be made");
    assertThat(store.asked()).containsExactly("remove 1");
  }

  @Test
  void knowsWhetherTheStoreHasAnsweredAndWhatFailedLast() {
    enter();
    assertThat(place.wasAnswered()).isFalse();
    assertThat(place.failure()).isNull();

    store.fail("enqueue", Outcome.NOT_DONE);
    assertThat(place.failure()).hasMessage("for this test");
    script.time.pass(Script.PAUSE);
    store.enqueued(1, 7, 91);

    assertThat(place.wasAnswered()).isTrue();
  }

  @Test
  void hasNoSessionAndNoEntryBeforeItIsEntered() {
    assertThatIllegalStateException()
        .isThrownBy(place::session)
        .withMessage("lock 'a' has no session");
    assertThatIllegalStateException().isThrownBy(place::self).withMessage("lock 'a' has no entry");
    assertThat(place.failure()).isNull();
  }
}

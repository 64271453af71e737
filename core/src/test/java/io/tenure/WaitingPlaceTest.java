package io.tenure;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.spi.QueueView;
import io.tenure.spi.StoreException.Outcome;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Watches that break, reads that fail, entries that are gone: what a waiter makes of it. */
class WaitingPlaceTest extends PlaceFixture {
  private static final Duration RECHECK = Duration.ofSeconds(45);

  @Test
  void aWaiterWhoseOwnEntryDepartedEntersAgainUnderAnotherId() {
    enterBehind(91);

    store.watch(1).departs();

    assertThat(contender.told).isEmpty();
    assertThat(script.events(CoordinationEvent.PlaceLost.class))
        .containsExactly(new CoordinationEvent.PlaceLost("lock 'a'"));
    assertThat(store.asked()).as("in case it does stand").containsExactly("withdraw 1");
    assertThat(store.watched()).isEmpty();
    script.time.pass(Script.PAUSE);
    assertThat(store.asked()).contains("enqueue 2");

    store.enqueued(2, 9, 95);
    assertThat(store.watched()).containsExactlyInAnyOrder("95@9", "2@9");
  }

  @Test
  void aWaiterWhomAReadDoesNotShowEntersAgain() {
    enterBehind(91, 92);
    store.watch(92).departs();

    store.read(8, 91, 95);

    assertThat(script.events(CoordinationEvent.PlaceLost.class)).hasSize(1);
    script.time.pass(Script.PAUSE);
    assertThat(store.asked()).containsExactly("withdraw 1", "enqueue 2");
  }

  @Test
  void theDepartureOfItsOwnEntryIsNoNewsOnceTheSessionIsOver() {
    enterBehind(91);
    ScriptedStore.Watch own = store.watch(1);

    script.time.pause(Script.USABLE);
    own.departs();

    assertThat(script.events(CoordinationEvent.PlaceLost.class)).isEmpty();
    assertThat(store.asked()).containsExactly("enqueue 2");
  }

  @Test
  void aWatchThatBrokeIsFollowedByAReadAfterAPause() {
    enterBehind(91);

    store.watch(91).breaks(Outcome.NOT_DONE);

    assertThat(store.asked()).isEmpty();
    assertThat(script.events(CoordinationEvent.Retrying.class))
        .singleElement()
        .extracting(CoordinationEvent.Retrying::what, CoordinationEvent.Retrying::pause)
        .containsExactly("lock 'a': watch", Script.PAUSE);
    assertThat(place.failure()).hasMessage("for this test");
    script.time.pass(Script.PAUSE);
    assertThat(store.asked()).containsExactly("read");

    store.read(8, 91, 1);
    assertThat(store.watched()).containsExactlyInAnyOrder("91@8", "1@7");
  }

  @Test
  void aWatchOnItsOwnEntryThatBrokeIsBegunAgainFromWhatTheReadShows() {
    enterBehind(91);

    store.watch(1).breaks(Outcome.UNKNOWN);
    script.time.pass(Script.PAUSE);
    store.read(8, 91, 1);

    assertThat(store.watched()).containsExactlyInAnyOrder("91@8", "1@8");
  }

  @Test
  void aWatchThatSaysThatTheSessionIsGoneEndsIt() {
    enterBehind(91);

    store.watch(91).breaks(Outcome.SESSION_GONE);

    assertThat(script.events(CoordinationEvent.SessionLost.class)).hasSize(1);
    script.time.pass(Script.PAUSE);
    assertThat(store.asked()).containsExactly("enqueue 2");
  }

  @Test
  void aReadThatFailedIsMadeAgainAfterLongerAndLongerPausesUntilAWatchHasLasted() {
    enterBehind(91, 92);
    store.watch(92).departs();

    store.fail("read", Outcome.NOT_DONE);
    script.time.pass(Script.PAUSE);
    store.fail("read", Outcome.UNKNOWN);
    script.time.pass(Script.PAUSE);
    assertThat(store.asked()).isEmpty();
    script.time.pass(Script.SECOND_PAUSE.minus(Script.PAUSE));
    store.read(8, 91, 1);
    script.time.pass(Duration.ofSeconds(6));
    store.watch(91).breaks(Outcome.NOT_DONE);

    assertThat(script.events(CoordinationEvent.Retrying.class))
        .extracting(CoordinationEvent.Retrying::pause)
        .containsExactly(Script.PAUSE, Script.SECOND_PAUSE, Script.PAUSE);
  }

  @Test
  void aReadAnsweredAfterAnotherWasBegunIsIgnored() {
    enterBehind(91, 92);
    store.watch(92).departs();
    var overtaken = store.<QueueView>take("read");
    store.watch(1).breaks(Outcome.NOT_DONE);
    script.time.pass(Script.PAUSE);

    overtaken.complete(new QueueView(List.of(ScriptedStore.entry(1)), 8));

    assertThat(contender.told).isEmpty();
    store.read(9, 1);
    assertThat(contender.told).containsExactly("granted 1");
  }

  @Test
  void aReadThatFailedAfterAnotherWasBegunIsNotMadeAgain() {
    enterBehind(91, 92);
    store.watch(92).departs();
    var overtaken = store.take("read");
    store.watch(1).breaks(Outcome.NOT_DONE);
    script.time.pass(Script.PAUSE);

    overtaken.completeExceptionally(new IllegalStateException("for this test"));
    script.time.pass(Script.SECOND_PAUSE);

    assertThat(store.asked()).containsExactly("read");
  }

  @Test
  void aPauseThatEndsAfterTheStepItWasForDoesNothing() {
    enterBehind(91);
    store.watch(1).breaks(Outcome.NOT_DONE);

    store.watch(91).departs();
    script.time.pass(Script.SECOND_PAUSE);

    assertThat(contender.told).containsExactly("granted 1");
    assertThat(store.asked()).isEmpty();
  }

  @Test
  void twoWatchesThatBreakTogetherAreOneRead() {
    enterBehind(91);
    bothWatchesBreak();

    store.read(8, 91, 1);
    script.time.pass(Script.SECOND_PAUSE);

    assertThat(store.asked()).isEmpty();
    assertThat(store.watched()).containsExactlyInAnyOrder("91@8", "1@8");
  }

  @Test
  void thePauseThatIsLeftWhenTwoWatchesBrokeDoesNothingAfterAGrant() {
    enterBehind(91);
    bothWatchesBreak();

    store.read(8, 1);
    script.time.pass(Script.SECOND_PAUSE);

    assertThat(contender.told).containsExactly("granted 1");
    assertThat(store.asked()).isEmpty();
  }

  @Test
  void thePauseThatIsLeftWhenTwoWatchesBrokeDoesNothingAfterLeaving() {
    enterBehind(91);
    bothWatchesBreak();

    script.inLane(() -> place.leave(() -> {}));
    script.time.pass(Script.SECOND_PAUSE);

    assertThat(store.asked()).containsExactly("read", "remove 1");
  }

  /** After which the queue is being read, and the longer of two pauses is not over. */
  private void bothWatchesBreak() {
    store.watch(1).breaks(Outcome.NOT_DONE);
    store.watch(91).breaks(Outcome.NOT_DONE);
    script.time.pass(Script.PAUSE);
    assertThat(store.asked()).containsExactly("read");
  }

  @Test
  void whoWaitsLongReadsTheQueueNowAndThenThoughNothingDeparts() {
    enterBehind(91);

    script.time.pass(RECHECK.minusNanos(1));
    assertThat(store.asked()).isEmpty();
    script.time.pass(Duration.ofNanos(1));
    assertThat(store.asked()).containsExactly("read");
    assertThat(store.watched()).containsExactly("1@7");

    store.read(8, 91, 1);
    script.time.pass(RECHECK);
    assertThat(store.asked()).containsExactly("read");
  }

  @Test
  void nobodyReadsTheQueueAfterTheGrantOrAfterLeaving() {
    enterBehind(91);
    store.watch(91).departs();
    int timers = script.time.timers();
    script.time.pass(RECHECK);

    assertThat(store.asked()).isEmpty();
    assertThat(timers).as("the session's two").isEqualTo(2);
  }

  @Test
  void nobodyIsToldThatAWaitersEntryVanished() {
    enterBehind(91);

    script.inLane(place::vanished);

    assertThat(contender.told).isEmpty();
    assertThat(script.events(CoordinationEvent.PlaceLost.class)).isEmpty();
  }
}

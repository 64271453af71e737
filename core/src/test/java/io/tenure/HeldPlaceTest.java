package io.tenure;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.spi.StoreException.Outcome;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A {@link QueuePlace} after its grant: how it learns that its entry is gone, and how it ends. */
class HeldPlaceTest {
  private final Script script = new Script();
  private final ScriptedStore store = script.store;
  private final Contender contender = new Contender();
  private final QueuePlace place =
      new QueuePlace(script.context, ScriptedStore.QUEUE, "lock 'a'", false, contender);

  @BeforeEach
  void hold() {
    script.inLane(place::enter);
    store.enqueued(1, 7);
    contender.told.clear();
  }

  private void hold(int renewals) {
    for (int i = 0; i < renewals; i++) {
      script.time.pass(Script.RENEW_EVERY);
    }
  }

  @Test
  void aShortHoldIsNotWatchedAndALongerOneIsWatchedOnce() {
    hold(1);
    assertThat(store.watched()).isEmpty();

    hold(1);
    assertThat(store.watched()).containsExactly("1@7");

    hold(2);
    assertThat(store.watched()).containsExactly("1@7");
  }

  @Test
  void aPlaceThatIsGrantedAgainIsNotWatchedForTheSakeOfTheFirstHold() {
    hold(1);
    script.inLane(() -> place.leave(() -> {}));
    script.inLane(place::enter);
    store.enqueued(2, 8);

    hold(1);
    assertThat(store.watched()).isEmpty();
    hold(1);
    assertThat(store.watched()).containsExactly("2@8");
  }

  @Test
  void theDepartureOfItsEntryIsALossToldBeforeTheEntryIsWithdrawn() {
    hold(2);
    LiveSession session = place.session();
    contender.beforeLoss = () -> contender.told.add("asked so far: " + store.asked());

    store.watch(1).departs();

    assertThat(contender.told).containsExactly("asked so far: []", "lost REVOKED");
    assertThat(store.asked()).as("in case it does stand").containsExactly("withdraw 1");
    assertThat(session.members()).isEmpty();
    assertThat(script.events(CoordinationEvent.PlaceLost.class)).isEmpty();
  }

  @Test
  void aBrokenWatchIsNoLossWhileTheQueueShowsItFirst() {
    hold(2);

    store.watch(1).breaks(Outcome.NOT_DONE);
    script.time.pass(Script.PAUSE);
    store.read(12, 1, 95);

    assertThat(contender.told).isEmpty();
    assertThat(store.watched()).containsExactly("1@12");
    store.watch(1).departs();
    assertThat(contender.told).containsExactly("lost REVOKED");
  }

  @Test
  void aQueueThatDoesNotShowItIsALoss() {
    hold(2);

    store.watch(1).breaks(Outcome.NOT_DONE);
    script.time.pass(Script.PAUSE);
    store.read(12, 95);

    assertThat(contender.told).containsExactly("lost REVOKED");
  }

  @Test
  void aQueueThatShowsSomebodyAheadOfAHolderIsALoss() {
    hold(2);

    store.watch(1).breaks(Outcome.NOT_DONE);
    script.time.pass(Script.PAUSE);
    store.read(12, 91, 1);

    assertThat(contender.told).containsExactly("lost REVOKED");
    assertThat(store.asked()).containsExactly("withdraw 1");
  }

  @Test
  void aWriteThatDidNotFindTheEntryIsALoss() {
    script.inLane(place::vanished);

    assertThat(contender.told).containsExactly("lost REVOKED");
  }

  @Test
  void theDepartureOfItsEntryAfterTheDeadlineIsAnExpiry() {
    hold(2);
    ScriptedStore.Watch own = store.watch(1);

    script.time.pause(Script.USABLE);
    own.departs();

    assertThat(contender.told).containsExactly("lost EXPIRED");
    assertThat(store.asked()).isEmpty();
  }

  @Test
  void theEndOfTheSessionIsALossForTheSameReasonAndIsToldOnce() {
    LiveSession session = place.session();
    hold(2);

    script.inLane(script.context.sessions::close);
    script.inLane(() -> place.sessionEnded(LossReason.EXPIRED));

    assertThat(contender.told).containsExactly("lost CLIENT_CLOSED");
    assertThat(session.members()).isEmpty();
    assertThat(store.watched()).isEmpty();
    assertThat(store.asked()).isEmpty();
  }

  @Test
  void leavingEndsTheWatchAndRemovesTheEntry() {
    hold(2);

    script.inLane(() -> place.leave(() -> contender.told.add("gone")));
    assertThat(store.watched()).isEmpty();
    store.take("remove 1").complete(false);

    assertThat(contender.told).containsExactly("gone");
  }

  @Test
  void aRenewalThatIsToldAfterLeavingBeginsNoWatch() {
    hold(1);

    script.inLane(() -> place.leave(() -> {}));
    script.inLane(place::renewed);
    script.inLane(place::renewed);

    assertThat(store.watched()).isEmpty();
  }

  @Test
  void aWaitersRenewalsDoNotCountForItsHold() {
    Contender second = new Contender();
    QueuePlace waiting =
        new QueuePlace(script.context, ScriptedStore.QUEUE, "lock 'a'", false, second);
    script.inLane(waiting::enter);
    store.enqueued(2, 8, 1);
    store.watch(2).breaks(Outcome.NOT_DONE);
    script.inLane(waiting::renewed);
    store.watch(1).departs();
    assertThat(second.told).containsExactly("granted 2");

    script.inLane(waiting::renewed);

    assertThat(store.watched()).isEmpty();
  }
}

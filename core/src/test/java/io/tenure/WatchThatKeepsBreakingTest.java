package io.tenure;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.spi.StoreException.Outcome;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A store that answers reads but ends every watch at once, as one does that compacts in a loop or
 * has taken the right to watch away: it is asked again after ever longer pauses.
 */
class WatchThatKeepsBreakingTest extends PlaceFixture {
  private static final Duration LONGEST = Duration.ofSeconds(5);
  private static final int TIMES = 12;

  private Duration pause() {
    List<CoordinationEvent.Retrying> all = script.events(CoordinationEvent.Retrying.class);
    return all.get(all.size() - 1).pause();
  }

  private void breakManyTimes(Runnable once) {
    Duration before = Duration.ZERO;
    for (int i = 0; i < TIMES; i++) {
      once.run();
      assertThat(pause()).isGreaterThanOrEqualTo(before).isLessThanOrEqualTo(LONGEST);
      before = pause();
      script.time.pass(before);
    }
    assertThat(before).isGreaterThan(LONGEST.dividedBy(2));
  }

  private void breakBlockersWatch() {
    store.watch(91).breaks(Outcome.NOT_DONE);
  }

  @Test
  void aWaiterPausesLongerAndLongerUntilAWatchHasLasted() {
    enterBehind(91);
    breakBlockersWatch();
    script.time.pass(pause());
    breakManyTimes(
        () -> {
          store.read(8, 91, 1);
          breakBlockersWatch();
        });
    store.read(8, 91, 1);

    script.time.pass(LONGEST.plusSeconds(1));
    breakBlockersWatch();
    assertThat(pause()).isEqualTo(Script.PAUSE);
  }

  @Test
  void aWaiterWhoseOwnEntryCannotBeWatchedPausesLongerAndLongerToo() {
    enterBehind(91);
    store.watch(1).breaks(Outcome.NOT_DONE);
    script.time.pass(pause());
    breakManyTimes(
        () -> {
          store.read(8, 91, 1);
          store.watch(1).breaks(Outcome.NOT_DONE);
        });
  }

  @Test
  void aDepartureThatWasSeenShowsThatWatchesWork() {
    enterBehind(91, 92);
    for (int i = 0; i < TIMES; i++) {
      store.watch(92).breaks(Outcome.NOT_DONE);
      script.time.pass(pause());
      store.read(8, 91, 92, 1);
    }
    store.watch(92).departs();
    store.read(9, 91, 1);

    breakBlockersWatch();
    assertThat(pause()).isEqualTo(Script.PAUSE);
  }

  @Test
  void whoHasEnteredAgainBeginsWithTheShortestPause() {
    enterBehind(91);
    store.watch(1).departs();
    script.time.pass(pause());
    store.enqueued(2, 9, 95);

    store.watch(95).breaks(Outcome.NOT_DONE);
    assertThat(pause()).isEqualTo(Script.PAUSE);
  }

  @Test
  void anObserverPausesLongerAndLongerUntilAWatchHasLasted() {
    Observation<Integer> observation =
        new Observation<>(script.context, ScriptedStore.QUEUE, "a", List::size, candidates -> {});
    script.inLane(observation::begin);
    breakManyTimes(
        () -> {
          ScriptedStore.Feed feed = store.feed();
          feed.shows(7);
          feed.breaks(Outcome.NOT_DONE);
        });

    script.time.pass(LONGEST.plusSeconds(1));
    store.feed().breaks(Outcome.NOT_DONE);
    assertThat(pause()).isEqualTo(Script.PAUSE);
  }
}

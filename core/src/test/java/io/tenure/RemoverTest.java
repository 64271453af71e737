package io.tenure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.tenure.spi.StoreException.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RemoverTest {
  private static final Duration WINDOW = Duration.ofSeconds(8);

  private final List<String> told = new ArrayList<>();
  private final Script script = new Script();

  private void remove(Script on, boolean ambiguous) {
    LiveSession session = on.session();
    on.inLane(
        () ->
            on.context.remover.remove(
                session, ScriptedStore.entry(1), ambiguous, () -> told.add("gone")));
  }

  private static void withdraw(Script on) {
    LiveSession session = on.session();
    on.inLane(() -> on.context.remover.withdraw(session, ScriptedStore.QUEUE, ScriptedStore.id(1)));
  }

  private static int pending(Script on) {
    return on.context.remover.pending();
  }

  @Test
  void anEntryIsGoneWhenTheStoreSaysSo() {
    remove(script, false);
    assertThat(told).isEmpty();
    assertThat(pending(script)).isEqualTo(1);

    script.store.take("remove 1").complete(true);

    assertThat(told).containsExactly("gone");
    assertThat(pending(script)).isZero();
  }

  @Test
  void aRemovalIsTriedAgainWithGrowingPausesUntilItIsDefinite() {
    remove(script, false);

    script.store.fail("remove 1", Outcome.UNKNOWN);
    script.time.pass(Script.PAUSE);
    script.store.fail("remove 1", Outcome.REFUSED);
    assertThat(pending(script)).isEqualTo(1);
    script.time.pass(Script.SECOND_PAUSE);
    assertThat(told).isEmpty();
    script.store.take("remove 1").complete(false);

    assertThat(told).containsExactly("gone");
    assertThat(pending(script)).isZero();
    assertThat(script.events(CoordinationEvent.Retrying.class))
        .extracting(CoordinationEvent.Retrying::what, CoordinationEvent.Retrying::pause)
        .containsExactly(
            tuple("remove entry " + ScriptedStore.entry(1), Script.PAUSE),
            tuple("remove entry " + ScriptedStore.entry(1), Script.SECOND_PAUSE));
  }

  @Test
  void aSessionThatIsGoneTookTheEntryWithIt() {
    remove(script, false);

    script.store.fail("remove 1", Outcome.SESSION_GONE);

    assertThat(told).containsExactly("gone");
    assertThat(pending(script)).isZero();
    assertThat(script.context.sessions.shown()).isEmpty();
  }

  @Test
  void nothingIsAskedOnceTheSessionIsOver() {
    LiveSession session = script.session();
    script.time.pause(Script.USABLE);

    script.inLane(
        () ->
            script.context.remover.remove(
                session, ScriptedStore.entry(1), true, () -> told.add("gone")));

    assertThat(told).containsExactly("gone");
    assertThat(script.store.asked()).isEmpty();
    assertThat(pending(script)).isZero();
  }

  @Test
  void aNextTryIsNotMadeOnceTheSessionIsOver() {
    script.store.beatsAtOnce = false;
    remove(script, false);
    script.store.fail("remove 1", Outcome.UNKNOWN);

    script.time.pause(Script.USABLE);
    script.time.pass(Script.PAUSE);

    assertThat(told).containsExactly("gone");
    assertThat(script.store.asked()).doesNotContain("remove 1");
    assertThat(pending(script)).isZero();
  }

  @Test
  void anEntryThatMayHaveBeenMadeIsLookedForUntilThatIsDefinite() {
    withdraw(script);

    script.store.fail("withdraw 1", Outcome.UNKNOWN);
    script.time.pass(Script.PAUSE);
    assertThat(pending(script)).isEqualTo(1);
    script.store.take("withdraw 1").complete(false);

    assertThat(pending(script)).isZero();
    script.time.pass(WINDOW);
    assertThat(script.store.asked()).isEmpty();
    assertThat(script.events(CoordinationEvent.Retrying.class))
        .extracting(CoordinationEvent.Retrying::what)
        .containsExactly("withdraw entry " + ScriptedStore.id(1));
  }

  @Test
  void aStoreThatAppliesRequestsLateIsAskedOnceMoreAfterThatTime() {
    Script late = new Script(WINDOW);
    withdraw(late);

    late.store.take("withdraw 1").complete(false);
    assertThat(late.store.asked()).isEmpty();
    assertThat(pending(late)).as("the second look").isEqualTo(1);
    late.time.pass(WINDOW);
    assertThat(late.store.asked()).containsExactly("withdraw 1");
    assertThat(pending(late)).isEqualTo(1);

    late.store.take("withdraw 1").complete(true);
    assertThat(pending(late)).isZero();
    late.time.pass(WINDOW);
    assertThat(late.store.asked()).isEmpty();
  }

  @Test
  void theSecondLookIsTriedAgainToo() {
    Script late = new Script(WINDOW);
    withdraw(late);
    late.store.take("withdraw 1").complete(false);
    late.time.pass(WINDOW);

    late.store.fail("withdraw 1", Outcome.UNKNOWN);
    late.time.pass(Script.PAUSE);

    assertThat(late.store.asked()).containsExactly("withdraw 1");
    assertThat(late.events(CoordinationEvent.Retrying.class))
        .extracting(CoordinationEvent.Retrying::what)
        .containsExactly("withdraw entry " + ScriptedStore.id(1));
  }

  @Test
  void aRemovedEntryIsGoneBeforeTheSecondLookAfterALostEnqueue() {
    Script late = new Script(WINDOW);
    remove(late, true);

    late.store.take("remove 1").complete(true);
    assertThat(told).containsExactly("gone");
    assertThat(pending(late)).isEqualTo(1);
    late.time.pass(WINDOW);

    assertThat(late.store.asked()).containsExactly("withdraw 1");
  }

  @Test
  void anEntryWhoseEnqueueWasAnsweredAtOnceNeedsNoSecondLook() {
    Script late = new Script(WINDOW);
    remove(late, false);

    late.store.take("remove 1").complete(true);

    assertThat(pending(late)).isZero();
    late.time.pass(WINDOW);
    assertThat(late.store.asked()).isEmpty();
  }

  @Test
  void aSessionThatIsOverNeedsNoSecondLook() {
    Script late = new Script(WINDOW);
    late.store.beatsAtOnce = false;
    withdraw(late);

    late.time.pause(Script.USABLE);
    late.store.take("withdraw 1").complete(false);

    assertThat(pending(late)).isZero();
  }
}

package io.tenure;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.Script.Want;
import io.tenure.spi.StoreException.Outcome;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** How the client's one session is ended for good. */
class SessionClosingTest {
  private static final Duration NANO = Duration.ofNanos(1);

  private final Script script = new Script();
  private final ScriptedStore store = script.store;
  private final SessionKeeper sessions = script.context.sessions;

  private Want want() {
    Want want = new Want();
    script.inLane(() -> sessions.request(want));
    return want;
  }

  private CompletableFuture<Void> close() {
    CompletableFuture<Void> closed = new CompletableFuture<>();
    script.inLane(() -> sessions.close().thenRun(() -> closed.complete(null)));
    return closed;
  }

  @Test
  void closingEndsTheSessionAndIsDoneWhenTheStoreHasConfirmed() {
    store.closesAtOnce = false;
    LiveSession session = script.session();
    int timers = script.time.timers();

    CompletableFuture<Void> closed = close();

    assertThat(timers).isEqualTo(2);
    assertThat(script.events(CoordinationEvent.SessionLost.class))
        .extracting(CoordinationEvent.SessionLost::reason)
        .containsExactly(LossReason.CLIENT_CLOSED);
    assertThat(session.deadline().isOver(script.time.nowNanos)).isTrue();
    assertThat(script.time.timers()).as("the close's own time-out").isEqualTo(1);
    assertThat(closed).isNotDone();
    store.take("close session-1").complete(null);
    assertThat(closed).isCompleted();
  }

  @Test
  void closingIsDoneThoughTheStoreDoesNotConfirm() {
    store.closesAtOnce = false;
    script.session();

    CompletableFuture<Void> closed = close();
    store.fail("close session-1", Outcome.UNKNOWN);

    assertThat(closed).isCompleted();
    assertThat(close()).as("again").isCompleted();
    assertThat(store.closed).containsExactly("session-1");
  }

  @Test
  void closingWithoutASessionIsDoneAtOnce() {
    assertThat(close()).isCompleted();
  }

  @Test
  void closingWhileOneIsOpeningWaitsForItAndClosesIt() {
    store.opensAtOnce = false;
    Want want = want();

    CompletableFuture<Void> closed = close();
    assertThat(closed).isNotDone();
    assertThat(sessions.isNeeded()).isFalse();
    store.take("open").complete(store.session());

    assertThat(closed).isCompleted();
    assertThat(store.closed).containsExactly("session-1");
    assertThat(want.got).isEmpty();
    assertThat(sessions.shown()).isEmpty();
  }

  @Test
  void closingWhileOneIsOpeningIsDoneWhenThatFails() {
    store.opensAtOnce = false;
    Want want = want();

    CompletableFuture<Void> closed = close();
    store.fail("open", Outcome.REFUSED);

    assertThat(closed).isCompleted();
    assertThat(want.refusals).isEmpty();
  }

  @Test
  void nobodyNeedsOneAfterClosingWhoeverGoesFirst() {
    store.opensAtOnce = false;
    Want first = want();
    want();

    close();
    script.inLane(() -> sessions.forget(first));

    assertThat(sessions.isNeeded()).isFalse();
  }

  @Test
  void nothingIsOpenedAfterClosing() {
    store.opensAtOnce = false;
    want();
    store.fail("open", Outcome.NOT_DONE);

    close();
    Want late = want();
    script.time.pass(Script.PAUSE);

    assertThat(store.asked()).isEmpty();
    assertThat(late.got).isEmpty();
    assertThat(sessions.isNeeded()).isFalse();
  }

  @Test
  void closingIsDoneWhenAFormerSessionHasBeenClosedToo() {
    store.beatsAtOnce = false;
    script.session();
    script.time.pass(Script.USABLE);

    CompletableFuture<Void> closed = close();
    script.time.pass(ScriptedStore.TTL.minus(Script.USABLE).minus(NANO));
    assertThat(closed).isNotDone();
    assertThat(store.closed).isEmpty();
    script.time.pass(NANO);

    assertThat(store.closed).containsExactly("session-1");
    assertThat(closed).isCompleted();
  }
}

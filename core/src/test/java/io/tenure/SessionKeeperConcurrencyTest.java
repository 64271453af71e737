package io.tenure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SessionKeeperConcurrencyTest {
  private static final int ROUNDS = 400;

  @Test
  void aSessionThatIsAnsweredWhileTheClientClosesIsClosedToo() throws Exception {
    Race.run(
        ROUNDS,
        round -> {
          Stage stage = opening();
          CompletableFuture<Lease> wanted = new QueuedLock(stage.context, "a").acquireAsync();
          return new Race.Round(
              List.of(() -> stage.store.open(0), stage::closeClient),
              () -> {
                stage.callUsers();
                assertThat(stage.closed).isDone();
                assertThat(stage.store.standing()).isZero();
                assertThat(stage.context.sessions.shown()).isEmpty();
                assertThat(wanted).isDone();
                assertThat(stage.context.localQueues.size()).isZero();
              });
        });
  }

  @Test
  void aSessionThatIsAnsweredWhileItIsGivenUpIsNotKeptBesideTheNext() throws Exception {
    Race.run(
        ROUNDS,
        round -> {
          Stage stage = opening();
          new QueuedLock(stage.context, "a").acquireAsync();
          return new Race.Round(
              List.of(() -> stage.store.open(0), () -> stage.moveClock(StagedStore.TTL.toNanos())),
              () -> {
                stage.moveClock(TimeUnit.SECONDS.toNanos(1));
                stage.callUsers();
                // The first session was too late, or it was in time, granted the lock, and expired.
                assertThat(stage.store.opened.get(0).closed).isEqualTo(1);
                if (stage.count(CoordinationEvent.SessionOpened.class) == 1) {
                  assertThat(stage.context.sessions.shown()).isEmpty();
                } else {
                  stage.store.open(1);
                  assertThat(stage.context.sessions.shown().map(LiveSession::store))
                      .contains(stage.store.opened.get(1));
                  assertThat(stage.store.standing()).isEqualTo(1);
                }
              });
        });
  }

  @Test
  void manyWhoWantASessionAtOnceGetTheSame() throws Exception {
    Race.run(
        ROUNDS,
        round -> {
          Stage stage = opening();
          Runnable want = () -> new QueuedLock(stage.context, "a").acquireAsync();
          return new Race.Round(
              List.of(want, want, () -> new QueuedLock(stage.context, "b").acquireAsync()),
              () -> {
                assertThat(stage.store.openings).hasSize(1);
                stage.store.open(0);
                assertThat(stage.context.held).hasValue(2);
                assertThat(stage.store.standing()).isEqualTo(1);
              });
        });
  }

  private static Stage opening() {
    Stage stage = new Stage();
    stage.store.opensAtOnce = false;
    return stage;
  }
}

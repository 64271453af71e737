package io.tenure;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.spi.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(600)
class SessionKeeperConcurrencyTest {
  private static final int ROUNDS = 400;

  @Test
  void whoeverWantsASessionGetsTheOneThereIsAndHearsOfItsEnd() {
    Interleavings.explore(Scenario.class, 8, 3, 2, 30);
  }

  /** Everything that can happen to a session, and to those who want one, at the same time. */
  public static final class Scenario {
    private final Stage stage = opening();
    private final ConcurrentLinkedQueue<Wanting> wanting = new ConcurrentLinkedQueue<>();
    private final List<Wanting> asked = new ArrayList<>();
    private final List<String> wrong = new ArrayList<>();
    private boolean closed;
    private boolean ended;

    @Operation
    public void want() {
      Wanting user = new Wanting();
      wanting.add(user);
      inLane(user::ask);
    }

    @Operation
    public void giveUp() {
      Wanting user = wanting.poll();
      if (user != null) {
        inLane(user::giveUp);
      }
    }

    @Operation(nonParallelGroup = "store")
    public void answer() {
      stage.store.openNext();
    }

    @Operation(runOnce = true)
    public void expire() {
      stage.moveClock(StagedStore.TTL.toNanos());
    }

    @Operation(runOnce = true)
    public void close() {
      inLane(
          () -> {
            closed = true;
            stage.context.sessions.close().thenRun(() -> ended = true);
          });
    }

    @Validate
    public void nobodyAndNothingIsForgotten() {
      // The store answers, and the pause after what came too late goes by.
      for (int i = 1; i <= 2; i++) {
        answerAll();
        stage.moveClock(TimeUnit.SECONDS.toNanos(i));
      }
      answerAll();
      inLane(() -> asked.forEach(Wanting::isServed));
      close();
      answerAll();
      stage.moveClock(TimeUnit.SECONDS.toNanos(3));
      stage.callUsers();
      inLane(() -> asked.forEach(Wanting::isDone));
      require(ended, "the end came to no end");
      for (StagedStore.Session session : stage.store.opened) {
        require(session.closed > 0, "a session was left");
      }
      require(stage.context.sessions.shown().isEmpty(), "a session is shown after the end");
      boolean open = false;
      for (CoordinationEvent event : stage.events) {
        if (event instanceof CoordinationEvent.SessionOpened) {
          require(!open, "two sessions at a time");
          open = true;
        } else if (event instanceof CoordinationEvent.SessionLost) {
          require(open, "an end of no session");
          open = false;
        }
      }
      if (!wrong.isEmpty()) {
        throw new AssertionError(wrong + ", after " + stage.events);
      }
    }

    private void answerAll() {
      while (stage.store.openNext()) {
        // Until all are answered.
      }
    }

    private void inLane(Runnable task) {
      stage.context.lane.execute(task);
    }

    private void require(boolean right, String otherwise) {
      if (!right) {
        wrong.add(otherwise);
      }
    }

    /** Somebody who wants a session once. Belongs to the lane. */
    private final class Wanting implements SessionKeeper.User, LiveSession.Member {
      private boolean waiting;
      private boolean bound;

      void ask() {
        if (!closed) {
          waiting = true;
          asked.add(this);
          stage.context.sessions.request(this);
        }
      }

      void giveUp() {
        waiting = false;
        stage.context.sessions.forget(this);
      }

      @Override
      public void live(LiveSession session) {
        require(waiting, "told of a session and not waiting for one");
        require(stage.context.sessions.shown().orElse(null) == session, "told of another session");
        waiting = false;
        bound = true;
        session.add(this);
      }

      @Override
      public void sessionEnded(LossReason reason) {
        require(bound, "told of the end twice");
        bound = false;
      }

      void isServed() {
        require(!waiting || closed, "still waiting");
      }

      void isDone() {
        require(!bound, "not told of the end");
      }

      @Override
      public void renewed() {
        wrong.add("a renewal that nobody answered");
      }

      @Override
      public void refused(StoreException e) {
        wrong.add("refused: " + e);
      }
    }
  }

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

package io.tenure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class DrainTest {
  private static final long BOUND_NANOS = 700;

  private final Stage stage = new Stage();
  private final HeldLease lease =
      stage.lease(
          new HeldLease.Owner() {
            @Override
            public void ended(HeldLease ended, Optional<LossReason> loss) {
              throw new AssertionError("a drain ends no lease");
            }

            @Override
            public void entryGone(HeldLease ended) {
              throw new AssertionError("a drain removes no entry");
            }
          });

  /** Drains when the test says so. */
  private static final class Follower implements TurnFollower {
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final List<HeldLease> told = new ArrayList<>();

    @Override
    public CompletableFuture<Void> resigning(HeldLease lease) {
      told.add(lease);
      assertThat(lease.isHeld()).as("still held while it drains").isTrue();
      return done;
    }

    @Override
    public void elected(HeldLease lease) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void ended(HeldLease lease, Optional<LossReason> loss) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Void> caughtUp() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void dismissed() {
      throw new UnsupportedOperationException();
    }
  }

  private CompletableFuture<Void> drain(TurnFollower... followers) {
    CompletableFuture<CompletableFuture<Void>> begun = new CompletableFuture<>();
    stage.context.lane.execute(
        () ->
            begun.complete(
                new Drain(stage.context, lease, List.of(followers), BOUND_NANOS).drained()));
    return begun.join();
  }

  @Test
  void nobodyToWaitForIsNoWait() {
    assertThat(drain()).isCompleted();
  }

  @Test
  void everyFollowerIsToldOnceAndTheLastOneEndsIt() {
    Follower first = new Follower();
    Follower second = new Follower();
    CompletableFuture<Void> drained = drain(first, second);
    assertThat(first.told).containsExactly(lease);
    assertThat(second.told).containsExactly(lease);

    second.done.complete(null);
    assertThat(drained).isNotDone();
    first.done.complete(null);

    assertThat(drained).isCompleted();
  }

  @Test
  void aFollowerThatFailsHasDrainedAsWell() {
    Follower failing = new Follower();
    Follower other = new Follower();
    CompletableFuture<Void> drained = drain(failing, other);

    failing.done.completeExceptionally(new IllegalStateException("for this test"));
    assertThat(drained).as("the other one has not drained").isNotDone();
    other.done.complete(null);

    assertThat(drained).isCompleted();
  }

  @Test
  void aFollowerThatDoesNotReturnIsWaitedForUntilTheBoundAndThatIsReported() {
    Follower stuck = new Follower();
    CompletableFuture<Void> drained = drain(stuck);

    stage.moveClock(BOUND_NANOS - 1);
    assertThat(drained).isNotDone();
    stage.moveClock(BOUND_NANOS);
    stage.callUsers();

    assertThat(drained).isCompleted();
    assertThat(stage.events)
        .containsExactly(new CoordinationEvent.DrainTimedOut(lease.name(), lease.token()));
  }

  @Test
  void whoReturnsAfterTheBoundChangesNothing() {
    Follower late = new Follower();
    CompletableFuture<Void> drained = drain(late);
    stage.moveClock(BOUND_NANOS);

    late.done.complete(null);
    stage.moveClock(2 * BOUND_NANOS);
    stage.callUsers();

    assertThat(drained).isCompleted();
    assertThat(stage.count(CoordinationEvent.DrainTimedOut.class)).isEqualTo(1);
  }

  @Test
  void aDrainInTimeIsNotReportedAtItsBound() {
    Follower follower = new Follower();
    drain(follower);
    follower.done.complete(null);
    assertThat(stage.timers()).isZero();

    stage.moveClock(2 * BOUND_NANOS);
    stage.callUsers();

    assertThat(stage.events).isEmpty();
  }

  @Test
  void itEndsInATaskOfTheLaneAndNotInTheFollowersCall() {
    Follower follower = new Follower();
    CompletableFuture<Void> drained = drain(follower);
    AtomicBoolean doneInItsCall = new AtomicBoolean();

    stage.context.lane.execute(
        () -> {
          follower.done.complete(null);
          doneInItsCall.set(drained.isDone());
        });

    assertThat(doneInItsCall).isFalse();
    assertThat(drained).isCompleted();
  }
}

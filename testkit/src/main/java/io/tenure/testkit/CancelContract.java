package io.tenure.testkit;

import static io.tenure.testkit.Eventually.answer;
import static io.tenure.testkit.Eventually.eventually;
import static io.tenure.testkit.Eventually.failure;
import static io.tenure.testkit.Eventually.throughout;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.tenure.BackendUnavailableException;
import io.tenure.ClientClosedException;
import io.tenure.Lease;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Giving up, at every point at which an acquire can be waiting and by every means: the caller is
 * answered, the queue is left, and the lock is not granted to anybody who no longer wants it.
 */
abstract class CancelContract extends ContractGroup {
  private static final Duration PATIENCE = Duration.ofMillis(400);
  private static final int ROUNDS = 10;

  CancelContract(BackendContract contract) {
    super(contract);
  }

  /** How a caller gives up. */
  enum Means {
    CANCELLED_FUTURE,
    INTERRUPT,
    TIME_OUT,
    CLOSED_CLIENT
  }

  /** A call that is waiting. */
  private record Attempt(Means means, CompletableFuture<Optional<Lease>> result, Runnable giveUp) {
    static Attempt start(Member member, Means means) {
      return switch (means) {
        case CANCELLED_FUTURE -> {
          CompletableFuture<Lease> future = member.lock("x").acquireAsync();
          yield new Attempt(means, future.thenApply(Optional::of), () -> future.cancel(true));
        }
        case INTERRUPT -> {
          Caller<Optional<Lease>> caller =
              Caller.start(() -> Optional.of(member.lock("x").acquire()));
          yield new Attempt(means, caller.result(), caller::interrupt);
        }
        case TIME_OUT -> new Attempt(means, member.lock("x").tryAcquireAsync(PATIENCE), () -> {});
        case CLOSED_CLIENT -> {
          CompletableFuture<Lease> future = member.lock("x").acquireAsync();
          yield new Attempt(
              means, future.thenApply(Optional::of), () -> Caller.start(() -> close(member)));
        }
      };
    }

    private static Member close(Member member) {
      member.client().close();
      return member;
    }

    void assertGivenUp(boolean answeredByTheStore) {
      if (means == Means.TIME_OUT && answeredByTheStore) {
        assertThat(answer(result)).isEmpty();
        return;
      }
      Class<? extends Throwable> expected =
          switch (means) {
            case CANCELLED_FUTURE -> CancellationException.class;
            case INTERRUPT -> InterruptedException.class;
            case TIME_OUT -> BackendUnavailableException.class;
            case CLOSED_CLIENT -> ClientClosedException.class;
          };
      assertThat(failure(result)).isInstanceOf(expected);
    }
  }

  /** The one who gave up is not in the way of others, and others were never in its way. */
  private void assertLeft(Member gaveUp) throws InterruptedException {
    awaitEntries(lockQueue("x"), 0);
    assertThat(clients.join("next").lock("x").tryAcquire(Eventually.BOUND)).isPresent();
    assertThat(gaveUp.client().health().held()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void beforeTheSessionIsOpen(Means means) throws InterruptedException {
    Member a = clients.join("a");
    HeldAnswer opening = a.faults().next(StoreCall.OPEN_SESSION).holdAnswer();
    Attempt attempt = Attempt.start(a, means);
    opening.awaitAnswer();
    attempt.giveUp().run();

    attempt.assertGivenUp(false);
    opening.deliver();
    assertLeft(a);
    assertThat(a.faults().calls(StoreCall.ENQUEUE)).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void beforeTheEntryIsConfirmed(Means means) throws InterruptedException {
    Member a = clients.join("a");
    HeldAnswer enqueued = a.faults().next(StoreCall.ENQUEUE).holdAnswer();
    Attempt attempt = Attempt.start(a, means);
    enqueued.awaitAnswer();
    attempt.giveUp().run();

    attempt.assertGivenUp(false);
    enqueued.deliver();
    assertLeft(a);
  }

  @ParameterizedTest
  @EnumSource
  void whileWaitingForTheHolder(Means means) throws InterruptedException {
    Lease held = clients.join("holder").lock("x").acquire();
    Member a = clients.join("a");
    a.lock("warm").acquire().close();
    Attempt attempt = Attempt.start(a, means);
    if (means != Means.TIME_OUT) {
      awaitEntries(lockQueue("x"), 2);
    }
    attempt.giveUp().run();

    attempt.assertGivenUp(true);
    awaitEntries(lockQueue("x"), 1);
    held.close();
    assertLeft(a);
    eventually(() -> assertThat(a.faults().openWatches()).isZero());
  }

  @ParameterizedTest
  @EnumSource
  void atTheVeryMomentOfTheGrant(Means means) throws InterruptedException {
    Member holder = clients.join("holder");
    Member next = clients.join("next");
    for (int round = 0; round < ROUNDS; round++) {
      Lease held = holder.lock("x").acquire();
      Member a = clients.join("a");
      HeldAnswer departure = a.faults().next(StoreCall.AWAIT_DEPARTURE).holdAnswer();
      Attempt attempt = Attempt.start(a, means);
      departure.awaitCall();
      // The entry of one's own may be the one that is watched first.
      HeldAnswer other = a.faults().next(StoreCall.AWAIT_DEPARTURE).holdAnswer();
      held.close();
      Caller<Boolean> granting =
          Caller.start(
              () -> {
                departure.deliver();
                other.deliver();
                return true;
              });
      attempt.giveUp().run();
      answer(granting.result());

      Throwable refusal = catchThrowable(() -> answer(attempt.result()).ifPresent(Lease::close));
      if (refusal != null) {
        attempt.assertGivenUp(true);
      }
      awaitEntries(lockQueue("x"), 0);
      next.lock("x").acquire().close();
    }
  }

  @Test
  void aCallerWhoIsInterruptedAlreadyIsGrantedNothing() {
    Member a = clients.join("a");
    Caller<Lease> caller =
        Caller.start(
            () -> {
              Thread.currentThread().interrupt();
              return a.lock("x").acquire();
            });
    assertThat(failure(caller.result())).isInstanceOf(InterruptedException.class);
    awaitEntries(lockQueue("x"), 0);
  }

  @Test
  void aWaiterWhoGivesUpHasNoEffectOnThoseAroundIt() throws InterruptedException {
    Lease first = clients.join("a").lock("x").acquire();
    CompletableFuture<Lease> gaveUp = clients.join("b").lock("x").acquireAsync();
    awaitEntries(lockQueue("x"), 2);
    CompletableFuture<Lease> third = clients.join("c").lock("x").acquireAsync();
    awaitEntries(lockQueue("x"), 3);

    gaveUp.cancel(true);
    awaitEntries(lockQueue("x"), 2);
    throughout(aWhile(), () -> assertThat(third).isNotDone());
    assertThat(first.isHeld()).isTrue();
    first.close();
    assertThat(answer(third).isHeld()).isTrue();
  }

  @Test
  void aWaiterInTheLocalQueueWhoGivesUpLetsTheNextOneThrough() throws InterruptedException {
    Member a = clients.join("a");
    Lease first = a.lock("x").acquire();
    CompletableFuture<Lease> gaveUp = a.lock("x").acquireAsync();
    Caller<Lease> interrupted = Caller.start(() -> a.lock("x").acquire());
    eventually(() -> assertThat(a.client().health().waiting()).isEqualTo(2));
    CompletableFuture<Lease> last = a.lock("x").acquireAsync();

    gaveUp.cancel(true);
    interrupted.interrupt();
    assertThat(failure(interrupted.result())).isInstanceOf(InterruptedException.class);
    first.close();
    assertThat(answer(last).isHeld()).isTrue();
  }

  @Test
  void anInterruptWhileReleasingEndsTheWaitingAndNotTheRelease() throws InterruptedException {
    Member a = clients.join("a");
    Lease lease = a.lock("x").acquire();
    HeldAnswer removed = a.faults().next(StoreCall.REMOVE).holdAnswer();
    Caller<Boolean> releasing =
        Caller.start(
            () -> {
              lease.close();
              return true;
            });
    removed.awaitAnswer();
    releasing.interrupt();

    assertThat(answer(releasing.result())).isTrue();
    assertThat(releasing.endedInterrupted()).isTrue();
    removed.deliver();
    awaitEntries(lockQueue("x"), 0);
  }
}

package io.tenure.testkit;

import static io.tenure.testkit.Eventually.answer;
import static io.tenure.testkit.Eventually.eventually;
import static io.tenure.testkit.Eventually.failure;
import static io.tenure.testkit.Eventually.throughout;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tenure.BackendRefusedException;
import io.tenure.BackendUnavailableException;
import io.tenure.Candidate;
import io.tenure.CoordinationEvent;
import io.tenure.CoordinationException;
import io.tenure.Expected;
import io.tenure.Lease;
import io.tenure.OutcomeUnknownException;
import io.tenure.spi.StoreException.Outcome;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A store that fails, at every call and in every way: nobody idles for ever, nothing is orphaned.
 */
abstract class FaultContract extends ContractGroup {
  private static final Duration REQUEST_TIMEOUT = Duration.ofMillis(250);

  FaultContract(BackendContract contract) {
    super(contract);
  }

  /** A client whose requests time out soon, and that renews often. */
  private Member impatient(String candidate) {
    return clients.join(
        candidate,
        settings -> settings.requestTimeout(REQUEST_TIMEOUT).renewEvery(fixture.renewEvery()));
  }

  /** An opening is waited for, and one that nobody heard of is kept, for a whole time to live. */
  private Member victim(StoreCall call) {
    return call == StoreCall.OPEN_SESSION
        ? clients.joinShortLived("a", settings -> settings.requestTimeout(REQUEST_TIMEOUT))
        : impatient("a");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "UPDATE")
  void aClientLivesItsWholeLifeThoughOneAnswerIsLost(StoreCall call) throws InterruptedException {
    Member a = victim(call);
    prepare(a, call);
    a.faults().next(call).loseAnswer();
    liveAWholeLife(a, call);
    assertThat(a.faults().pending(call)).as("the fault took place").isZero();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "UPDATE")
  void aClientLivesItsWholeLifeThoughOneCallIsNeverAnswered(StoreCall call)
      throws InterruptedException {
    Member a = victim(call);
    prepare(a, call);
    a.faults().next(call).neverAnswer();
    liveAWholeLife(a, call);
    assertThat(a.faults().pending(call)).as("the fault took place").isZero();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "UPDATE")
  void aClientLivesItsWholeLifeThoughOneCallIsNotMade(StoreCall call) throws InterruptedException {
    Member a = victim(call);
    prepare(a, call);
    a.faults().next(call).fail(Outcome.NOT_DONE);
    liveAWholeLife(a, call);
    assertThat(a.faults().pending(call)).as("the fault took place").isZero();
  }

  /** A withdrawal takes an enqueue whose answer never came. */
  private static void prepare(Member a, StoreCall call) {
    if (call == StoreCall.WITHDRAW) {
      a.faults().next(StoreCall.ENQUEUE).neverAnswer();
    }
  }

  /** Everything that makes a client call its store, in an order in which each call happens. */
  private void liveAWholeLife(Member a, StoreCall faulty) throws InterruptedException {
    CompletableFuture<Lease> gaveUp = a.lock("given-up").acquireAsync();
    eventually(() -> assertThat(a.faults().calls(StoreCall.ENQUEUE)).isPositive());
    if (faulty == StoreCall.WITHDRAW) {
      awaitEntries(lockQueue("given-up"), 1);
    }
    if (!gaveUp.cancel(true)) {
      answer(gaveUp).close();
    }
    awaitEntries(lockQueue("given-up"), 0);

    Member b = clients.join("b");
    Lease blocker = b.lock("x").acquire();
    CompletableFuture<Lease> waiting = a.lock("x").acquireAsync();
    awaitEntries(lockQueue("x"), 2);
    if (faulty == StoreCall.HEARTBEAT) {
      long beats = a.faults().calls(StoreCall.HEARTBEAT);
      eventually(() -> assertThat(a.faults().calls(StoreCall.HEARTBEAT)).isGreaterThan(beats + 1));
    }
    blocker.close();
    if (faulty == StoreCall.AWAIT_DEPARTURE) {
      a.faults().disruptWatches(); // Or the departure is noticed by the slow re-read only.
    }
    Lease lease = answer(waiting);
    assertThat(lease.isHeld()).isTrue();

    readAndWrite(a, faulty);
    Recorder<Optional<Candidate>> seen = new Recorder<>();
    a.election("e").observe(seen);
    eventually(() -> assertThat(a.faults().calls(StoreCall.WATCH)).isPositive());
    if (faulty == StoreCall.WATCH) {
      a.faults().disruptWatches(); // A watch that never begins cannot be told from a quiet one.
    }
    eventually(() -> assertThat(seen.all()).isNotEmpty());

    lease.close();
    assertThat(lease.isHeld()).isFalse();
    try (Lease next = b.lock("x").acquire()) {
      assertThat(next.token().isNewerThan(lease.token())).isTrue();
    }
    a.client().close();
  }

  private static void readAndWrite(Member a, StoreCall faulty) throws InterruptedException {
    try {
      a.election("e").leader();
    } catch (BackendUnavailableException e) {
      assertThat(faulty).isEqualTo(StoreCall.READ);
    }
    try {
      a.cells().get("cell");
      assertThat(a.cells().compareAndSwap("cell", Expected.absent(), new byte[1]).swapped())
          .isTrue();
    } catch (OutcomeUnknownException e) {
      assertThat(faulty).isEqualTo(StoreCall.WRITE);
    } catch (BackendUnavailableException e) {
      assertThat(faulty).isIn(StoreCall.GET, StoreCall.WRITE);
    }
    deleteIfThere(a, "cell");
  }

  private static void deleteIfThere(Member a, String key) throws InterruptedException {
    var cell = a.cells().get(key);
    if (cell.isPresent()) {
      a.cells().delete(key, Expected.version(cell.get().version()));
    }
  }

  @Test
  void anEnqueueWhoseAnswerWasLostIsRepeatedAndMakesOneEntry() throws InterruptedException {
    Member a = impatient("a");
    a.faults().next(StoreCall.ENQUEUE).loseAnswer();
    a.faults().next(StoreCall.ENQUEUE).loseAnswer();
    Lease lease = a.lock("x").acquire();

    assertThat(a.faults().calls(StoreCall.ENQUEUE)).isEqualTo(3);
    assertThat(entries(lockQueue("x"))).hasSize(1);
    lease.close();
    assertThat(entries(lockQueue("x"))).isEmpty();
  }

  @Test
  void aRemovalWhoseAnswerWasLostIsRepeatedUntilItIsDefinite() throws InterruptedException {
    Member a = impatient("a");
    Lease lease = a.lock("x").acquire();
    a.faults().next(StoreCall.REMOVE).fail(Outcome.NOT_DONE);
    a.faults().next(StoreCall.REMOVE).fail(Outcome.UNKNOWN);
    a.faults().next(StoreCall.REMOVE).loseAnswer();
    answer(lease.releaseAsync());

    assertThat(a.faults().calls(StoreCall.REMOVE)).isEqualTo(4);
    assertThat(entries(lockQueue("x"))).isEmpty();
  }

  @Test
  void aCloseWhoseAnswerWasLostLeavesNothingBehind() throws InterruptedException {
    Member a = impatient("a");
    a.lock("x").acquire();
    a.faults().next(StoreCall.CLOSE_SESSION).loseAnswer();
    a.client().close();
    awaitEntries(lockQueue("x"), 0);
  }

  @Test
  void aWaiterWhoseWatchIsDisruptedReadsItsPlaceAgain() throws InterruptedException {
    Lease first = clients.join("a").lock("x").acquire();
    Member b = clients.join("b");
    b.faults().next(StoreCall.AWAIT_DEPARTURE).neverAnswer();
    b.faults().next(StoreCall.AWAIT_DEPARTURE).neverAnswer();
    CompletableFuture<Lease> waiting = b.lock("x").acquireAsync();
    awaitEntries(lockQueue("x"), 2);
    eventually(() -> assertThat(b.faults().calls(StoreCall.AWAIT_DEPARTURE)).isEqualTo(2));
    first.close();

    throughout(aWhile(), () -> assertThat(waiting).isNotDone());
    b.faults().disruptWatches();
    assertThat(answer(waiting).isHeld()).isTrue();
  }

  @Test
  void aWaiterWhoseDepartureNoticeWasLostFindsItsTurnBySlowRereading() throws InterruptedException {
    Lease first = clients.join("a").lock("x").acquire();
    Member b =
        clients.join(
            "b", settings -> settings.scheduler(TestScheduler.hasty(Duration.ofMillis(300))));
    b.faults().each(StoreCall.AWAIT_DEPARTURE).neverAnswer();
    CompletableFuture<Lease> waiting = b.lock("x").acquireAsync();
    awaitEntries(lockQueue("x"), 2);
    first.close();

    assertThat(answer(waiting).isHeld()).isTrue();
  }

  @Test
  void aWaiterSurvivesAnOutageOfItsConnectionThatOutlastsItsSession() throws InterruptedException {
    Lease first = clients.join("a").lock("x").acquire();
    Member b = clients.joinShortLived("b");
    CompletableFuture<Lease> waiting = b.lock("x").acquireAsync();
    awaitEntries(lockQueue("x"), 2);
    b.cutOff();
    awaitEntries(lockQueue("x"), 1);
    b.heal();
    awaitEntries(lockQueue("x"), 2);

    first.close();
    assertThat(answer(waiting).isHeld()).isTrue();
  }

  @Test
  void anAcquireOutlastsAStoreThatIsOutOfReach() throws InterruptedException {
    Member a = impatient("a");
    a.cutOff();
    CompletableFuture<Lease> acquiring = a.lock("x").acquireAsync();
    a.events().await(CoordinationEvent.Retrying.class);
    a.heal();
    assertThat(answer(acquiring).isHeld()).isTrue();
  }

  @Test
  void aTryOnAStoreThatIsOutOfReachFailsInsteadOfAnsweringThatTheLockIsTaken() {
    Member a = impatient("a");
    a.cutOff();
    assertThatExceptionOfType(BackendUnavailableException.class)
        .isThrownBy(() -> a.lock("x").tryAcquire());
    assertThatExceptionOfType(BackendUnavailableException.class)
        .isThrownBy(() -> a.lock("x").tryAcquire(Duration.ofMillis(300)));
    assertThat(failure(a.lock("x").tryAcquireAsync()))
        .isInstanceOf(BackendUnavailableException.class);
  }

  @Test
  void aRefusalForGoodIsToldToTheCaller() {
    Member a = impatient("a");
    a.faults().next(StoreCall.OPEN_SESSION).fail(Outcome.REFUSED);
    assertThatExceptionOfType(BackendRefusedException.class)
        .isThrownBy(() -> a.lock("x").acquire());
    a.faults().next(StoreCall.ENQUEUE).fail(Outcome.REFUSED);
    assertThatExceptionOfType(BackendRefusedException.class)
        .isThrownBy(() -> a.lock("x").acquire());
    a.faults().next(StoreCall.READ).fail(Outcome.REFUSED);
    assertThatExceptionOfType(CoordinationException.class).isThrownBy(() -> a.lock("x").holder());
    a.faults().next(StoreCall.READ).fail(Outcome.REFUSED);
    assertThat(failure(a.lock("x").holderAsync())).isInstanceOf(BackendRefusedException.class);
  }

  @Test
  void aSessionThatIsGoneWhenItIsUsedIsReplaced() throws InterruptedException {
    Member a = clients.join("a");
    a.lock("warm").acquire().close();
    fixture.expireSession(a.session());
    assertThat(a.lock("x").acquire().isHeld()).isTrue();
  }

  @Test
  void aClosedClientThatIsCutOffStillClosesInBoundedTime() throws InterruptedException {
    Member a = clients.joinShortLived("a");
    a.lock("x").acquire();
    a.cutOff();
    Caller<Boolean> closing =
        Caller.start(
            () -> {
              a.client().close();
              return true;
            });
    assertThat(answer(closing.result())).isTrue();
    awaitEntries(lockQueue("x"), 0);
  }
}

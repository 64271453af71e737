package io.tenure.testkit;

import static io.tenure.testkit.Eventually.answer;
import static io.tenure.testkit.Eventually.eventually;
import static io.tenure.testkit.Eventually.failure;
import static io.tenure.testkit.Eventually.throughout;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tenure.CoordinationEvent;
import io.tenure.Lease;
import io.tenure.LeaseLostException;
import io.tenure.LossPolicy;
import io.tenure.LossReason;
import io.tenure.spi.StoreException.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Losing: noticed in time, told once and in order, and followed by a new start. */
abstract class LossContract extends ContractGroup {
  LossContract(BackendContract contract) {
    super(contract);
  }

  @Test
  void aClientThatIsCutOffIsToldOfItsLossBeforeTheNextOneAcquires() throws InterruptedException {
    Recorder<String> story = new Recorder<>();
    Member a = clients.joinShortLived("a");
    Lease first = a.lock("x").acquire();
    first.lost().thenAccept(reason -> story.accept("lost: " + reason));
    CompletableFuture<Boolean> heldWhenTheNextOneAcquired = new CompletableFuture<>();
    CompletableFuture<Lease> second = clients.join("b").lock("x").acquireAsync();
    second.thenAccept(
        lease -> {
          heldWhenTheNextOneAcquired.complete(first.isHeld());
          story.accept("acquired");
        });
    awaitEntries(lockQueue("x"), 2);
    a.cutOff();

    assertThat(answer(heldWhenTheNextOneAcquired)).isFalse();
    story.await("acquired", "acquired"::equals);
    assertThat(story.all()).containsExactly("lost: EXPIRED", "acquired");
    assertThat(answer(second).token().isNewerThan(first.token())).isTrue();
  }

  @Test
  void aLossIsToldOnceOnEveryChannel() throws InterruptedException {
    Recorder<LossReason> told = new Recorder<>();
    Member a = clients.joinShortLived("a");
    Lease lease = a.lock("x").acquire();
    lease.lost().thenAccept(told);
    a.faults().each(StoreCall.HEARTBEAT).neverAnswer();
    assertThat(answer(lease.lost())).isEqualTo(LossReason.EXPIRED);
    a.faults().clear();
    lease.close();
    a.lock("x").acquire().close();

    a.close();
    assertThat(told.all()).containsExactly(LossReason.EXPIRED);
    assertThat(a.events().all(CoordinationEvent.Lost.class))
        .singleElement()
        .satisfies(
            lost -> {
              assertThat(lost.token()).isEqualTo(lease.token());
              assertThat(lost.reason()).isEqualTo(LossReason.EXPIRED);
            });
  }

  @Test
  void theStoryOfTwoTenuresIsAcquiredLostAcquiredReleased() throws InterruptedException {
    Member a = clients.joinAttentive("a");
    Lease first = a.lock("x").acquire();
    fixture.expireSession(a.session());
    answer(first.lost());
    Lease second = a.lock("x").acquire();
    second.close();
    a.events().await(CoordinationEvent.Released.class);

    assertThat(leaseEvents(a))
        .containsExactly(
            "acquired " + first.token(),
            "lost " + first.token(),
            "acquired " + second.token(),
            "released " + second.token());
  }

  private static List<String> leaseEvents(Member member) {
    return member.events().all().stream().flatMap(LossContract::leaseEvent).toList();
  }

  private static Stream<String> leaseEvent(CoordinationEvent event) {
    if (event instanceof CoordinationEvent.Acquired acquired) {
      return Stream.of("acquired " + acquired.token());
    } else if (event instanceof CoordinationEvent.Lost lost) {
      return Stream.of("lost " + lost.token());
    } else if (event instanceof CoordinationEvent.Released released) {
      return Stream.of("released " + released.token());
    }
    return Stream.of();
  }

  @Test
  void aLeaseIsNotHeldAfterItsDeadlineAlthoughNoTimerRuns() throws InterruptedException {
    TestScheduler scheduler = TestScheduler.punctual();
    Member a = clients.joinShortLived("a", settings -> settings.scheduler(scheduler));
    Lease lease = a.lock("x").acquire();
    scheduler.stall();
    try {
      eventually(() -> assertThat(lease.isHeld()).isFalse());
      assertThat(lease.remaining()).isZero();
      assertThatExceptionOfType(LeaseLostException.class)
          .isThrownBy(() -> lease.ensureHeld(Duration.ZERO))
          .satisfies(e -> assertThat(e.reason()).contains(LossReason.EXPIRED));
      assertThat(lease.lost().toCompletableFuture()).isNotDone();
    } finally {
      scheduler.resume();
    }
    assertThat(answer(lease.lost())).isEqualTo(LossReason.EXPIRED);
    assertThat(lease.isHeld()).isFalse();
  }

  @Test
  void aPassedDeadlineIsFinalEvenIfTheStoreWouldStillRenew() throws InterruptedException {
    Member a = clients.joinShortLived("a");
    Lease lease = a.lock("x").acquire();
    a.faults().each(StoreCall.HEARTBEAT).fail(Outcome.NOT_DONE);
    eventually(() -> assertThat(lease.isHeld()).isFalse());
    a.faults().clear();

    throughout(aWhile(), () -> assertThat(lease.isHeld()).isFalse());
    assertThat(answer(lease.lost())).isEqualTo(LossReason.EXPIRED);
  }

  @Test
  void aRenewalThatIsAnsweredAfterTheDeadlineComesTooLate() throws InterruptedException {
    TestScheduler timers = TestScheduler.punctual();
    Member a = clients.joinShortLived("a", settings -> settings.scheduler(timers));
    Lease lease = a.lock("x").acquire();
    HeldAnswer renewed = a.faults().each(StoreCall.HEARTBEAT).holdAnswer();
    renewed.awaitAnswer();
    timers.stall(); // So that nobody notices the deadline but the one who asks.
    try {
      eventually(() -> assertThat(lease.isHeld()).isFalse());
      renewed.deliver();
      throughout(aWhile(), () -> assertThat(lease.isHeld()).isFalse());
    } finally {
      timers.resume();
    }
    assertThat(answer(lease.lost())).isEqualTo(LossReason.EXPIRED);
  }

  @Test
  void anOutageThatIsShorterThanTheDeadlineLosesNothing() throws InterruptedException {
    Member a = clients.joinShortLived("a");
    Lease lease = a.lock("x").acquire();
    a.faults().each(StoreCall.HEARTBEAT).fail(Outcome.UNKNOWN);
    a.events().await(CoordinationEvent.RenewalFailed.class);
    a.faults().clear();

    throughout(
        fixture.ttl().multipliedBy(3).dividedBy(2), () -> assertThat(lease.isHeld()).isTrue());
    assertThat(a.events().all(CoordinationEvent.Lost.class)).isEmpty();
  }

  @Test
  void aSessionThatAnOperatorEndsLosesAllItsLeases() throws InterruptedException {
    Member a = clients.joinAttentive("a");
    Lease x = a.lock("x").acquire();
    Lease y = a.lock("y").acquire();
    fixture.expireSession(a.session());

    assertThat(answer(x.lost())).isEqualTo(LossReason.SESSION_LOST);
    assertThat(answer(y.lost())).isEqualTo(LossReason.SESSION_LOST);
    assertThat(x.isHeld()).isFalse();
    a.events().await(CoordinationEvent.SessionLost.class);
    Lease again = a.lock("x").acquire();
    assertThat(again.token().isNewerThan(x.token())).isTrue();
  }

  @Test
  void aWaiterWhoseSessionEndsEntersAgainAndIsGrantedInItsTurn() throws InterruptedException {
    Lease first = clients.join("a").lock("x").acquire();
    Member b = clients.joinAttentive("b");
    CompletableFuture<Lease> waiting = b.lock("x").acquireAsync();
    awaitEntries(lockQueue("x"), 2);
    String session = b.session();
    fixture.expireSession(session);
    eventually(
        () -> assertThat(b.client().health().session()).isPresent().get().isNotEqualTo(session));
    awaitEntries(lockQueue("x"), 2);

    assertThat(waiting).isNotDone();
    first.close();
    assertThat(answer(waiting).isHeld()).isTrue();
    assertThat(entries(lockQueue("x"))).hasSize(1);
  }

  @Test
  void aHolderWhoseEntryAStrangerDeletesIsToldThatItWasRevoked() throws InterruptedException {
    Member a = clients.joinShortLived("a");
    Lease lease = a.lock("x").acquire();
    revoke(lockQueue("x"));

    assertThat(answer(lease.lost())).isEqualTo(LossReason.REVOKED);
    assertThat(lease.isHeld()).isFalse();
    assertThat(a.lock("x").acquire().token().isNewerThan(lease.token())).isTrue();
    assertThat(a.events().all(CoordinationEvent.SessionLost.class)).isEmpty();
  }

  @Test
  void aHolderWhoWaitedForItsTurnIsToldOfARevocationToo() throws InterruptedException {
    Lease first = clients.join("a").lock("x").acquire();
    CompletableFuture<Lease> second = clients.join("b").lock("x").acquireAsync();
    awaitEntries(lockQueue("x"), 2);
    first.close();
    Lease lease = answer(second);
    revoke(lockQueue("x"));

    assertThat(answer(lease.lost())).isEqualTo(LossReason.REVOKED);
  }

  @Test
  void aWaiterWhoseEntryAStrangerDeletesEntersAgainAtTheEnd() throws InterruptedException {
    Lease first = clients.join("a").lock("x").acquire();
    Member b = clients.join("b");
    CompletableFuture<Lease> second = b.lock("x").acquireAsync();
    awaitEntries(lockQueue("x"), 2);
    CompletableFuture<Lease> third = clients.join("c").lock("x").acquireAsync();
    awaitEntries(lockQueue("x"), 3);
    fixture.deleteEntry(lockQueue("x"), entries(lockQueue("x")).get(1).id());
    b.events().await(CoordinationEvent.PlaceLost.class);
    awaitEntries(lockQueue("x"), 3);

    throughout(
        aWhile(), () -> assertThat(List.of(second, third)).noneMatch(CompletableFuture::isDone));
    first.close();
    Lease next = answer(third);
    throughout(aWhile(), () -> assertThat(second).isNotDone());
    next.close();
    assertThat(answer(second).isHeld()).isTrue();
  }

  @Test
  void aClientThatIsClosedLosesWhatItHoldsAndFreesItAtOnce() throws InterruptedException {
    Member a = clients.join("a");
    Lease held = a.lock("x").acquire();
    CompletableFuture<Lease> next = clients.join("b").lock("x").acquireAsync();
    awaitEntries(lockQueue("x"), 2);
    a.client().close();

    assertThat(answer(held.lost())).isEqualTo(LossReason.CLIENT_CLOSED);
    assertThat(held.isHeld()).isFalse();
    assertThat(answer(next).isHeld()).isTrue();
  }

  @Test
  void theInterruptingPolicyInterruptsTheThreadThatAcquired() {
    Member a =
        clients.joinShortLived("a", settings -> settings.lossPolicy(LossPolicy.interruptScope()));
    CountDownLatch never = new CountDownLatch(1);
    Caller<Boolean> working =
        Caller.start(
            () -> {
              try (Lease lease = a.lock("x").acquire()) {
                never.await();
                return lease.isHeld();
              }
            });
    awaitEntries(lockQueue("x"), 1);
    revoke(lockQueue("x"));

    assertThat(failure(working.result())).isInstanceOf(InterruptedException.class);
  }

  @Test
  void theInterruptingPolicyLeavesAThreadAloneThatHasClosedItsLease() throws InterruptedException {
    Member a = clients.joinShortLived("a");
    CountDownLatch expired = new CountDownLatch(1);
    Caller<Boolean> working =
        Caller.start(
            () -> {
              a.lock("x").onLoss(LossPolicy.interruptScope()).acquire().close();
              a.lock("y").acquire(); // Lost under the client's own policy, which only reports.
              expired.await();
              return Thread.interrupted();
            });
    awaitEntries(lockQueue("y"), 1);
    revoke(lockQueue("y"));
    a.events().await(CoordinationEvent.Lost.class);

    expired.countDown();
    assertThat(answer(working.result())).isFalse();
  }
}

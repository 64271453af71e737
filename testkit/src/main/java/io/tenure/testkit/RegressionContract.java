package io.tenure.testkit;

import static io.tenure.testkit.Eventually.answer;
import static io.tenure.testkit.Eventually.eventually;
import static io.tenure.testkit.Eventually.failure;
import static io.tenure.testkit.Eventually.throughout;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.CoordinationEvent;
import io.tenure.FencingToken;
import io.tenure.LeaderLatch;
import io.tenure.LeadershipListener;
import io.tenure.Lease;
import io.tenure.LossReason;
import io.tenure.SingletonTask;
import io.tenure.spi.StoreException.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What users of other libraries have suffered from, one scenario after the other, each with the
 * report that it is known by.
 */
abstract class RegressionContract extends ContractGroup {
  RegressionContract(BackendContract contract) {
    super(contract);
  }

  @Test
  @DisplayName("1a. Two leaders: the entry of one's own expired session is not one's own")
  void anEntryOfOnesOwnExpiredSessionIsNotTakenForOnesOwn() throws InterruptedException {
    // CURATOR-696: after a reconnect the latch took the dying session's node for its own.
    Member a = clients.joinShortLived("a");
    Lease first = a.lock("x").acquire();
    a.cutOff();
    answer(first.lost());
    a.heal(); // While the store may still have the entry: the client's deadline is the earlier one.
    Lease second = a.lock("x").acquire();

    assertThat(second.token().isNewerThan(first.token())).isTrue();
    assertThat(payloads(lockQueue("x")))
        .singleElement()
        .satisfies(entry -> assertThat(entry.revision()).hasValue(second.token().revision()));
    throughout(fixture.ttl(), () -> assertThat(second.isHeld()).isTrue());
  }

  @Test
  @DisplayName("1b. Two leaders: a predecessor's departure says nothing about who is before it")
  void theDepartureOfAPredecessorThatOnlyWaitedGrantsNothing() throws InterruptedException {
    // CURATOR-653: ownership was concluded from the predecessor's deletion alone.
    Lease holder = clients.join("a").lock("x").acquire();
    CompletableFuture<Lease> before = clients.join("b").lock("x").acquireAsync();
    awaitEntries(lockQueue("x"), 2);
    CompletableFuture<Lease> after = clients.join("c").lock("x").acquireAsync();
    awaitEntries(lockQueue("x"), 3);
    before.cancel(true);
    awaitEntries(lockQueue("x"), 2);

    throughout(aWhile(), () -> assertThat(after).isNotDone());
    assertThat(holder.isHeld()).isTrue();
    holder.close();
    assertThat(answer(after).isHeld()).isTrue();
  }

  @Test
  @DisplayName("1c. Two leaders: a lease that lapsed while waiting is not granted")
  void aWaiterWhoseLeaseLapsedIsNotGranted() throws InterruptedException {
    // etcd 11456, Jepsen 2020: the lock was returned without a second look at the lease.
    TestScheduler timers = TestScheduler.punctual();
    Lease holder = clients.join("a").lock("x").acquire();
    Member b = clients.joinShortLived("b", settings -> settings.scheduler(timers));
    HeldAnswer departure = b.faults().each(StoreCall.AWAIT_DEPARTURE).holdAnswer();
    CompletableFuture<Lease> waiting = b.lock("x").acquireAsync();
    awaitEntries(lockQueue("x"), 2);
    holder.close();
    departure.awaitAnswer();
    timers.stall(); // The process stands still before it hears that its turn has come.
    b.cutOff();
    Lease next = clients.join("c").lock("x").acquire();
    try {
      departure.deliver();
      throughout(aWhile(), () -> assertThat(waiting).isNotDone());
    } finally {
      b.heal();
      timers.resume();
    }
    throughout(aWhile(), () -> assertThat(waiting).isNotDone());
    assertThat(next.isHeld()).isTrue();
    next.close();
    assertThat(answer(waiting).token().isNewerThan(next.token())).isTrue();
  }

  @Test
  @DisplayName("2a. Nobody leads for ever: every failure on the way ends in another attempt")
  void everyFailureOnTheWayToLeadershipEndsInAnotherAttempt() throws InterruptedException {
    // CURATOR-724, fluss 4362, druid 17786: one swallowed error, and no leader until a restart.
    Member a = clients.joinShortLived("a");
    for (Outcome outcome : Outcome.values()) {
      a.faults().next(StoreCall.OPEN_SESSION).fail(outcome);
      a.faults().next(StoreCall.ENQUEUE).fail(outcome);
    }
    Lease turn = a.latch("e").start().await();

    assertThat(turn.isHeld()).isTrue();
    assertThat(a.faults().pending(StoreCall.OPEN_SESSION)).isZero();
    assertThat(a.faults().pending(StoreCall.ENQUEUE)).isZero();
    assertThat(a.events().all(CoordinationEvent.Retrying.class)).hasSizeGreaterThan(4);
  }

  @Test
  @DisplayName("2b. Nobody leads for ever: every failure of a standby ends in another look")
  void everyFailureOfAStandbysWatchEndsInAnotherLook() throws InterruptedException {
    LeaderLatch leader = clients.join("a").latch("e").start();
    leader.await();
    Member b = clients.join("b");
    for (Outcome outcome : List.of(Outcome.NOT_DONE, Outcome.UNKNOWN, Outcome.REFUSED)) {
      b.faults().next(StoreCall.AWAIT_DEPARTURE).fail(outcome);
      b.faults().next(StoreCall.READ).fail(outcome);
    }
    LeaderLatch standby = b.latch("e").start();
    eventually(() -> assertThat(b.faults().pending(StoreCall.AWAIT_DEPARTURE)).isZero());
    eventually(() -> assertThat(b.faults().pending(StoreCall.READ)).isZero());

    leader.close();
    assertThat(standby.await().isHeld()).isTrue();
  }

  @Test
  @DisplayName("3. Nobody noticed: renewals that stop are reported, then the loss, then it is over")
  void renewalsThatStopAreReportedBeforeTheLossIs() throws InterruptedException {
    // jetcd 1383, 965: the keep-alive ended and nobody was told.
    Member a = clients.joinShortLived("a");
    LeaderLatch latch = a.latch("e").start();
    Turns turns = new Turns();
    latch.addListener(turns);
    Lease turn = latch.await();
    a.faults().each(StoreCall.HEARTBEAT).neverAnswer();

    assertThat(answer(turn.lost())).isEqualTo(LossReason.EXPIRED);
    turns.told().await("the loss", ("lost " + turn.token() + " EXPIRED")::equals);
    a.events().await(CoordinationEvent.Lost.class);
    List<CoordinationEvent> events = a.events().all();
    assertThat(indexOf(events, CoordinationEvent.RenewalFailed.class))
        .isBetween(0, indexOf(events, CoordinationEvent.Lost.class) - 1);
  }

  private static int indexOf(List<CoordinationEvent> events, Class<?> kind) {
    return events.indexOf(events.stream().filter(kind::isInstance).findFirst().orElse(null));
  }

  @Test
  @DisplayName("4a. Immortal locks: an enqueue whose answer was lost is found and removed")
  void anEntryWhoseAnswerWasLostIsRemovedWhenItsCallerGivesUp() throws InterruptedException {
    // CURATOR-79: the create was applied, its answer lost, and the orphan blocked everyone.
    Member a = clients.join("a", settings -> settings.requestTimeout(Duration.ofMillis(250)));
    a.faults().next(StoreCall.ENQUEUE).neverAnswer();
    a.faults().next(StoreCall.WITHDRAW).loseAnswer();
    CompletableFuture<Lease> gaveUp = a.lock("x").acquireAsync();
    awaitEntries(lockQueue("x"), 1);
    gaveUp.cancel(true);

    awaitEntries(lockQueue("x"), 0);
    assertThat(clients.join("b").lock("x").tryAcquire()).get().matches(Lease::isHeld);
  }

  @Test
  @DisplayName("4b. Immortal locks: nothing renews an acquire that was interrupted")
  void anInterruptedAcquireLeavesNothingThatRenewalsKeepAlive() throws InterruptedException {
    // Redisson 2714: the watchdog went on for a lock that nobody had.
    Member a = clients.joinShortLived("a");
    HeldAnswer enqueued = a.faults().next(StoreCall.ENQUEUE).holdAnswer();
    Caller<Lease> caller = Caller.start(() -> a.lock("x").acquire());
    enqueued.awaitAnswer();
    caller.interrupt();
    assertThat(failure(caller.result())).isInstanceOf(InterruptedException.class);
    enqueued.deliver();

    awaitEntries(lockQueue("x"), 0);
    throughout(aWhile(), () -> assertThat(entries(lockQueue("x"))).isEmpty());
    assertThat(a.client().health().held()).isZero();
  }

  @Test
  @DisplayName("4c. Immortal locks: renewals go on after a release, and keep nothing")
  void aReleaseThatFailedAtFirstIsNotKeptAliveByTheRenewalsOfItsSession()
      throws InterruptedException {
    Member a = clients.joinShortLived("a");
    Lease kept = a.lock("kept").acquire();
    Lease released = a.lock("x").acquire();
    a.faults().next(StoreCall.REMOVE).fail(Outcome.UNKNOWN);
    released.close();

    awaitEntries(lockQueue("x"), 0);
    assertThat(kept.isHeld()).isTrue();
  }

  @Test
  @DisplayName("5. A waiter that timed out is not granted the lock later")
  void aWaiterThatTimedOutIsNeverGranted() throws InterruptedException {
    // jetcd 291: the lock was granted to a call that had long returned.
    Lease holder = clients.join("a").lock("x").acquire();
    Member b = clients.join("b");
    b.lock("warm").holder();
    CompletableFuture<Optional<Lease>> timed = b.lock("x").tryAcquireAsync(Duration.ofMillis(500));
    awaitEntries(lockQueue("x"), 2);
    assertThat(answer(timed)).isEmpty();
    holder.close();

    awaitEntries(lockQueue("x"), 0);
    throughout(aWhile(), () -> assertThat(entries(lockQueue("x"))).isEmpty());
    assertThat(b.events().all(CoordinationEvent.Acquired.class)).isEmpty();
  }

  @Test
  @DisplayName("6. Work has stopped before its lock is released")
  void theWorkHasStoppedBeforeAnotherProcessLeads() throws InterruptedException {
    // client-go's ReleaseOnCancel: the lease is given up while the work still runs.
    Recorder<String> story = new Recorder<>();
    Member a = clients.join("a");
    LeaderLatch latch = a.latch("e");
    SingletonTask.start(
        latch,
        lease -> {
          story.accept("a works");
          try {
            new CountDownLatch(1).await();
          } finally {
            story.accept("a has stopped");
          }
        });
    story.await("the work", "a works"::equals);
    LeaderLatch standby = clients.join("b").latch("e");
    SingletonTask.start(standby, lease -> story.accept("b works"));
    awaitEntries(electionQueue("e"), 2);
    a.client().close();

    story.await("the successor", "b works"::equals);
    assertThat(story.all()).containsExactly("a works", "a has stopped", "b works");
  }

  @Test
  @DisplayName("7a. Callbacks: lost(1) comes before acquired(2), however slow the listener is")
  void aSlowListenerIsToldOfTheLossBeforeTheNextElection() throws InterruptedException {
    Member a = clients.joinShortLived("a");
    CountDownLatch slow = new CountDownLatch(1);
    Recorder<String> told = new Recorder<>();
    LeaderLatch latch = a.latch("e");
    latch.addListener(
        new LeadershipListener() {
          @Override
          public void elected(Lease lease) {
            told.accept("elected " + lease.token() + " " + lease.isHeld());
          }

          @Override
          public void lost(Lease lease, LossReason reason) {
            try {
              slow.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            told.accept("lost " + lease.token() + " " + lease.isHeld());
          }
        });
    Lease first = latch.start().await();
    told.await("the election", ("elected " + first.token() + " true")::equals);
    revoke(electionQueue("e"));
    answer(first.lost());
    Lease second = latch.await();
    throughout(aWhile(), () -> assertThat(told.all()).hasSize(1));
    slow.countDown();

    told.await("the second election", ("elected " + second.token() + " true")::equals);
    assertThat(told.all())
        .containsExactly(
            "elected " + first.token() + " true",
            "lost " + first.token() + " false",
            "elected " + second.token() + " true");
  }

  @Test
  @DisplayName("7b. Callbacks: none runs on a store's thread or under a lock of the library")
  void aCallbackThatBlocksStopsNeitherTheClientNorTheStore() throws InterruptedException {
    // FLINK deadlocks: listeners called inside the recipe's monitor, on the event thread.
    CountDownLatch end = new CountDownLatch(1);
    Member a = clients.join("a");
    Member b = clients.join("b");
    Lease held = b.lock("x").acquire();
    CompletableFuture<Void> callback =
        a.lock("x")
            .acquireAsync()
            .thenAccept(
                lease -> {
                  try {
                    end.await();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    awaitEntries(lockQueue("x"), 2);
    held.close();
    eventually(() -> assertThat(a.client().health().held()).isOne());

    a.lock("y").acquire().close();
    b.lock("y").acquire().close();
    assertThat(a.election("e").leader()).isEmpty();
    assertThat(callback).isNotDone();
    end.countDown();
    answer(callback);
  }

  @Test
  @DisplayName("8. Deadlines count from when the request was sent, not from when it was answered")
  void theDeadlineCountsFromTheSendingOfTheRequest() throws InterruptedException {
    Duration late = Duration.ofSeconds(1);
    Member prompt = clients.join("prompt");
    Duration usual = prompt.lock("x").acquire().remaining();
    Member a = clients.join("a");
    a.faults().each(StoreCall.HEARTBEAT).fail(Outcome.NOT_DONE);
    HeldAnswer opened = a.faults().next(StoreCall.OPEN_SESSION).holdAnswer();
    CompletableFuture<Lease> acquiring = a.lock("y").acquireAsync();
    opened.awaitAnswer();
    long answered = System.nanoTime();
    eventually(() -> assertThat(System.nanoTime() - answered).isGreaterThan(late.toNanos()));
    opened.deliver();

    assertThat(answer(acquiring).remaining()).isLessThan(usual.minus(late.dividedBy(2)));
  }

  @Test
  @DisplayName("9. Tokens do not restart when the queue is emptied, deleted and created again")
  void tokensDoNotRestart() throws InterruptedException {
    // ZooKeeper's sequence suffix and Consul's LockIndex do.
    List<FencingToken> tokens = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Member member = clients.join("m" + i);
      try (Lease lease = member.lock("x").acquire()) {
        tokens.add(lease.token());
      }
      member.client().close();
      fixture.deleteQueue(lockQueue("x"));
    }
    assertThat(tokens).isSorted().doesNotHaveDuplicates();
  }

  @Test
  @DisplayName("10. Leaks: a client that lived through faults leaves no thread, key or watch")
  void aClientThatLivedThroughFaultsLeavesNothing() throws InterruptedException {
    Member a =
        clients.joinShortLived("a", settings -> settings.requestTimeout(Duration.ofMillis(250)));
    Member b = clients.joinAttentive("b");
    Lease held = b.lock("x").acquire();
    a.faults().next(StoreCall.ENQUEUE).neverAnswer();
    a.faults().next(StoreCall.AWAIT_DEPARTURE).neverAnswer();
    CompletableFuture<Lease> waiting = a.lock("x").acquireAsync();
    a.latch("e").start();
    a.election("e").observe(leader -> {});
    eventually(() -> assertThat(a.faults().calls(StoreCall.ENQUEUE)).isGreaterThan(2));
    a.faults().disruptWatches();
    fixture.expireSession(a.session());
    held.close();
    answer(waiting);
    a.faults().next(StoreCall.REMOVE).neverAnswer();
    a.faults().next(StoreCall.CLOSE_SESSION).loseAnswer();
    a.client().close();

    awaitEntries(lockQueue("x"), 0);
    assertThat(b.election("e").leader()).isEqualTo(Optional.empty());
  }
}

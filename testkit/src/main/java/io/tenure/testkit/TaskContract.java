package io.tenure.testkit;

import static io.tenure.testkit.Eventually.answer;
import static io.tenure.testkit.Eventually.eventually;
import static io.tenure.testkit.Eventually.failure;
import static io.tenure.testkit.Eventually.throughout;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tenure.ClientClosedException;
import io.tenure.CoordinationEvent;
import io.tenure.LeaderLatch;
import io.tenure.Lease;
import io.tenure.SingletonTask;
import io.tenure.SingletonTask.OnFailure;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A task that runs where the latch leads, and nowhere else. */
abstract class TaskContract extends ContractGroup {
  TaskContract(BackendContract contract) {
    super(contract);
  }

  /** Work that goes on until it is interrupted. */
  private static void workUntilInterrupted() throws InterruptedException {
    new CountDownLatch(1).await();
  }

  @Test
  void aTaskRunsWithTheLeaseOfItsTurnWhileItsLatchLeads() {
    LeaderLatch latch = clients.join("a").latch("e");
    CompletableFuture<Lease> ran = new CompletableFuture<>();
    SingletonTask task =
        SingletonTask.start(
            latch,
            lease -> {
              ran.complete(lease);
              workUntilInterrupted();
            });

    assertThat(answer(ran)).isEqualTo(latch.lease().orElseThrow());
    assertThat(task.completion().toCompletableFuture()).isNotDone();
    task.close();
    answer(task.completion());
    assertThat(latch.isLeader()).isTrue();
  }

  @Test
  void aTaskIsInterruptedWhenItsTurnIsLostAndRunsAgainInTheNextTurn() {
    Member a = clients.joinShortLived("a");
    Recorder<String> story = new Recorder<>();
    SingletonTask.start(
        a.latch("e"),
        lease -> {
          story.accept("begun");
          try {
            workUntilInterrupted();
          } finally {
            story.accept(lease.isHeld() ? "stopped while held" : "stopped after the loss");
          }
        });
    story.await("the first run", "begun"::equals);
    revoke(electionQueue("e"));

    eventually(
        () -> assertThat(story.all()).containsExactly("begun", "stopped after the loss", "begun"));
    assertThat(a.events().all(CoordinationEvent.TaskFailed.class)).isEmpty();
  }

  @Test
  void aTaskHasStoppedBeforeItsEntryIsRemovedAndTheNextOneLeads() throws InterruptedException {
    LeaderLatch latch = clients.join("a").latch("e");
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch cleanUp = new CountDownLatch(1);
    CompletableFuture<Boolean> heldWhenStopped = new CompletableFuture<>();
    SingletonTask.start(
        latch,
        lease -> {
          begun.countDown();
          try {
            workUntilInterrupted();
          } catch (InterruptedException e) {
            cleanUp.await();
            heldWhenStopped.complete(lease.isHeld());
          }
        });
    begun.await();
    LeaderLatch standby = clients.join("b").latch("e").start();
    awaitEntries(electionQueue("e"), 2);
    CompletableFuture<Void> resigned = latch.resignAsync();

    throughout(aWhile(), () -> assertThat(standby.isLeader()).isFalse());
    cleanUp.countDown();
    assertThat(answer(heldWhenStopped)).isTrue();
    answer(resigned);
    assertThat(standby.await().isHeld()).isTrue();
  }

  @Test
  void workThatSwallowsTheInterruptDelaysTheHandoverForTheDrainTimeOnly()
      throws InterruptedException {
    Member a = clients.join("a");
    LeaderLatch latch = a.latch("e").drainWithin(Duration.ofMillis(200));
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    SingletonTask.start(
        latch,
        lease -> {
          begun.countDown();
          awaitStubbornly(end);
        });
    begun.await();
    LeaderLatch standby = clients.join("b").latch("e").start();
    awaitEntries(electionQueue("e"), 2);
    latch.resignAsync();

    assertThat(standby.await().isHeld()).isTrue();
    a.events().await(CoordinationEvent.DrainTimedOut.class);
    end.countDown();
  }

  /** Stubborn on purpose: this is the work that does not listen. */
  private static void awaitStubbornly(CountDownLatch latch) {
    boolean interrupted = false;
    while (latch.getCount() > 0) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void twoRunsOfOneTaskNeverOverlap() throws InterruptedException {
    Member a = clients.joinShortLived("a");
    LeaderLatch latch = a.latch("e");
    AtomicInteger running = new AtomicInteger();
    AtomicInteger runs = new AtomicInteger();
    CountDownLatch end = new CountDownLatch(1);
    SingletonTask.start(
        latch,
        lease -> {
          assertThat(running.incrementAndGet()).isOne();
          runs.incrementAndGet();
          awaitStubbornly(end);
          running.decrementAndGet();
        });
    Lease first = latch.await();
    eventually(() -> assertThat(runs).hasValue(1));
    revoke(electionQueue("e"));
    eventually(() -> assertThat(latch.lease()).isPresent().get().isNotEqualTo(first));

    throughout(aWhile(), () -> assertThat(runs).hasValue(1));
    end.countDown();
    eventually(() -> assertThat(runs).hasValue(2));
    assertThat(a.events().all(CoordinationEvent.TaskFailed.class)).isEmpty();
  }

  @Test
  void aTaskThatFailsIsReportedAndRunAgainInTheSameTurn() {
    Member a = clients.join("a");
    LeaderLatch latch = a.latch("e");
    CompletableFuture<Lease> second = new CompletableFuture<>();
    AtomicInteger runs = new AtomicInteger();
    SingletonTask.start(
        latch,
        lease -> {
          if (runs.incrementAndGet() == 1) {
            throw new IllegalStateException("planned");
          }
          second.complete(lease);
          workUntilInterrupted();
        });

    assertThat(answer(second).isHeld()).isTrue();
    assertThat(a.events().await(CoordinationEvent.TaskFailed.class).cause()).hasMessage("planned");
    assertThat(a.events().all(CoordinationEvent.Acquired.class)).hasSize(1);
  }

  @Test
  void aTaskThatFailsCanResignSoThatAnotherProcessTries() throws InterruptedException {
    Member a = clients.join("a");
    Member b = clients.join("b");
    CountDownLatch standbyIsThere = new CountDownLatch(1);
    LeaderLatch latch = a.latch("e");
    SingletonTask.start(
        latch,
        OnFailure.RESIGN,
        lease -> {
          standbyIsThere.await();
          throw new IllegalStateException("planned");
        });
    latch.await();
    LeaderLatch standby = b.latch("e").start();
    awaitEntries(electionQueue("e"), 2);
    standbyIsThere.countDown();

    assertThat(standby.await().isHeld()).isTrue();
    eventually(() -> assertThat(ids(b.election("e").queue())).containsExactly("b", "a"));
  }

  @Test
  void aTaskThatFailsCanEndItsCandidacy() throws InterruptedException {
    LeaderLatch latch = clients.join("a").latch("e");
    SingletonTask task =
        SingletonTask.start(
            latch,
            OnFailure.FAIL,
            lease -> {
              throw new IllegalStateException("planned");
            });

    assertThat(failure(task.completion())).hasMessage("planned");
    assertThat(task.awaitCompletion(Duration.ZERO)).isTrue();
    awaitEntries(electionQueue("e"), 0);
    assertThatExceptionOfType(ClientClosedException.class).isThrownBy(latch::await);
  }

  @Test
  void aTaskThatReturnsIsReportedAndNotRunAgainInItsTurn() throws InterruptedException {
    Member a = clients.join("a");
    LeaderLatch latch = a.latch("e");
    AtomicInteger runs = new AtomicInteger();
    SingletonTask.start(latch, lease -> runs.incrementAndGet());
    Lease turn = latch.await();

    assertThat(a.events().await(CoordinationEvent.TaskReturned.class).token())
        .isEqualTo(turn.token());
    throughout(aWhile(), () -> assertThat(runs).hasValue(1));
    assertThat(turn.isHeld()).isTrue();
  }

  @Test
  void aTaskRunsOnlyWhereItsLatchLeads() throws InterruptedException {
    AtomicInteger running = new AtomicInteger();
    Member a = clients.join("a");
    Member b = clients.join("b");
    CompletableFuture<Lease> ranAtB = new CompletableFuture<>();
    LeaderLatch first = a.latch("e");
    SingletonTask.start(first, lease -> runAlone(running));
    first.await();
    SingletonTask.start(
        b.latch("e"),
        lease -> {
          ranAtB.complete(lease);
          runAlone(running);
        });
    awaitEntries(electionQueue("e"), 2);

    throughout(aWhile(), () -> assertThat(ranAtB).isNotDone());
    a.client().close();
    assertThat(answer(ranAtB).isHeld()).isTrue();
    assertThat(b.events().all(CoordinationEvent.TaskFailed.class)).isEmpty();
  }

  private static void runAlone(AtomicInteger running) throws InterruptedException {
    assertThat(running.incrementAndGet()).isOne();
    try {
      workUntilInterrupted();
    } finally {
      running.decrementAndGet();
    }
  }
}

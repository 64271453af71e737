package io.tenure.testkit;

import static io.tenure.testkit.Eventually.answer;
import static io.tenure.testkit.Eventually.eventually;
import static io.tenure.testkit.Eventually.throughout;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.CoordinationEvent;
import io.tenure.LeaderLatch;
import io.tenure.LeadershipListener;
import io.tenure.Lease;
import io.tenure.LossReason;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** Users' callbacks: on users' threads, in order, and without power over the library. */
abstract class ExecutorContract extends ContractGroup {
  ExecutorContract(BackendContract contract) {
    super(contract);
  }

  @Test
  void everyCallbackRunsOnTheUsersExecutor() throws InterruptedException {
    ExecutorService executor =
        Executors.newFixedThreadPool(2, task -> new Thread(task, "users-thread"));
    try {
      Recorder<String> threads = new Recorder<>();
      Member a =
          clients.joinShortLived(
              "a",
              settings ->
                  settings
                      .executor(executor)
                      .onEvent(event -> threads.accept(Thread.currentThread().getName())));
      LeaderLatch latch = a.latch("e");
      latch.addListener(
          new LeadershipListener() {
            @Override
            public void elected(Lease lease) {
              threads.accept(Thread.currentThread().getName());
            }
          });
      Lease turn = latch.start().await();
      turn.lost().thenRun(() -> threads.accept(Thread.currentThread().getName()));
      HeldAnswer enqueued = a.faults().next(StoreCall.ENQUEUE).holdAnswer();
      CompletableFuture<Lease> lock = a.lock("x").acquireAsync();
      CompletableFuture<Void> noted =
          lock.thenAccept(lease -> threads.accept(Thread.currentThread().getName()));
      enqueued.awaitAnswer();
      enqueued.deliver();
      answer(noted);
      Recorder<String> observed = new Recorder<>();
      a.election("e").observe(leader -> observed.accept(Thread.currentThread().getName()));
      eventually(() -> assertThat(observed.all()).hasSize(1));
      revoke(electionQueue("e"));
      answer(turn.lost());
      eventually(() -> assertThat(observed.all().size()).isGreaterThan(1));
      a.client().close();

      assertThat(threads.all()).isNotEmpty().containsOnly("users-thread");
      assertThat(observed.all()).containsOnly("users-thread");
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void anExecutorThatRefusesEverythingSilencesNothing() throws InterruptedException {
    Member a =
        clients.joinShortLived(
            "a",
            settings ->
                settings.executor(
                    task -> {
                      throw new RejectedExecutionException("planned: full");
                    }));
    Turns turns = new Turns();
    LeaderLatch latch = a.latch("e").start();
    latch.addListener(turns);
    Lease turn = latch.await();
    assertThat(answer(a.lock("x").acquireAsync()).isHeld()).isTrue();
    revoke(electionQueue("e"));

    answer(turn.lost());
    turns.told().await("the loss", told -> told.startsWith("lost " + turn.token()));
    a.events().await(CoordinationEvent.Lost.class);
  }

  @Test
  void anExecutorThatRunsInTheCallersThreadHoldsUpNoRenewal() throws InterruptedException {
    CountDownLatch end = new CountDownLatch(1);
    Member a = clients.joinShortLived("a", settings -> settings.executor(Runnable::run));
    try {
      LeaderLatch latch = a.latch("e").start();
      latch.addListener(blockingUntil(end));
      Lease turn = latch.await();
      throughout(
          fixture.ttl().multipliedBy(3).dividedBy(2), () -> assertThat(turn.isHeld()).isTrue());
    } finally {
      end.countDown();
    }
  }

  @Test
  void callbacksThatBlockEveryThreadHoldUpNoRenewal() throws InterruptedException {
    CountDownLatch end = new CountDownLatch(1);
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try {
      Member a = clients.joinShortLived("a", settings -> settings.executor(executor));
      LeaderLatch latch = a.latch("e").start();
      latch.addListener(blockingUntil(end));
      Lease turn = latch.await();
      Lease lock = a.lock("x").acquire();
      throughout(
          fixture.ttl().multipliedBy(3).dividedBy(2),
          () -> {
            assertThat(turn.isHeld()).isTrue();
            assertThat(lock.isHeld()).isTrue();
          });
      end.countDown();
      a.client().close();
    } finally {
      end.countDown();
      executor.shutdownNow();
    }
  }

  private static LeadershipListener blockingUntil(CountDownLatch end) {
    return new LeadershipListener() {
      @Override
      public void elected(Lease lease) {
        try {
          end.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    };
  }

  @Test
  void aListenerThatThrowsIsReportedAndHarmsNobody() throws InterruptedException {
    Member a = clients.joinShortLived("a");
    LeaderLatch latch = a.latch("e").start();
    Turns turns = new Turns();
    latch.addListener(
        new LeadershipListener() {
          @Override
          public void elected(Lease lease) {
            throw new AssertionError("planned");
          }

          @Override
          public void lost(Lease lease, LossReason reason) {
            throw new IllegalStateException("planned");
          }
        });
    latch.addListener(turns);
    Lease first = latch.await();
    assertThat(a.events().await(CoordinationEvent.CallbackFailed.class).cause())
        .hasMessage("planned");
    revoke(electionQueue("e"));

    turns.told().await("the loss", told -> told.startsWith("lost " + first.token()));
    assertThat(latch.await().token().isNewerThan(first.token())).isTrue();
    eventually(
        () ->
            assertThat(a.events().all(CoordinationEvent.CallbackFailed.class))
                .hasSizeBetween(2, 3));
  }

  @Test
  void anEventListenerThatThrowsHarmsNobody() throws InterruptedException {
    Member a =
        clients.join(
            "a",
            settings ->
                settings.onEvent(
                    event -> {
                      throw new IllegalStateException("planned");
                    }));
    try (Lease lease = a.lock("x").acquire()) {
      assertThat(lease.isHeld()).isTrue();
    }
  }

  @Test
  void aCallbackMayCallTheLibraryAndBlock() {
    Member a = clients.join("a");
    CompletableFuture<Lease> inner = new CompletableFuture<>();
    a.lock("x")
        .acquireAsync()
        .thenAccept(
            lease -> {
              try {
                lease.close();
                inner.complete(a.lock("x").acquire());
              } catch (InterruptedException e) {
                inner.completeExceptionally(e);
              }
            });
    assertThat(answer(inner).isHeld()).isTrue();
  }

  @Test
  void aListenerMayCloseItsLatch() throws InterruptedException {
    Duration bound = Duration.ofMillis(200);
    Member a = clients.join("a", settings -> settings.requestTimeout(bound));
    LeaderLatch latch = a.latch("e").drainWithin(bound);
    CountDownLatch closed = new CountDownLatch(1);
    latch.addListener(
        new LeadershipListener() {
          @Override
          public void released(Lease lease) {
            latch.close();
            closed.countDown();
          }
        });
    latch.start().await();
    latch.resignAsync();
    closed.await();
    awaitEntries(electionQueue("e"), 0);
  }
}

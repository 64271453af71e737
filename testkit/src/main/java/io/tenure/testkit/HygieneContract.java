package io.tenure.testkit;

import static io.tenure.testkit.Eventually.answer;
import static io.tenure.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tenure.ClientClosedException;
import io.tenure.CoordinationClient;
import io.tenure.Expected;
import io.tenure.Health;
import io.tenure.Lease;
import io.tenure.SingletonTask;
import io.tenure.Subscription;
import io.tenure.spi.StoreException.Outcome;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Nothing is left over: not while a client lives, and not after it was closed. */
abstract class HygieneContract extends ContractGroup {
  private static final int CYCLES = 100;

  HygieneContract(BackendContract contract) {
    super(contract);
  }

  @Test
  void aClientThatIsClosedInTheMiddleOfEverythingLeavesNothing() throws InterruptedException {
    Member a = clients.join("a");
    Member b = clients.join("b");
    Lease held = a.lock("held").acquire();
    b.lock("theirs").acquire();
    CompletableFuture<Lease> waiting = a.lock("theirs").acquireAsync();
    CompletableFuture<Lease> queued = a.lock("held").acquireAsync();
    SingletonTask.start(a.latch("led"), lease -> new CountDownLatch(1).await());
    a.latch("led").start();
    b.latch("theirs").start().await();
    a.latch("theirs").start();
    awaitEntries(electionQueue("theirs"), 2);
    a.election("led").observe(leader -> {});
    a.election("led").observeQueue(queue -> {});
    a.cells().boundTo(held).compareAndSwap("bound", Expected.absent(), new byte[1]);
    a.client().close();

    assertThat(held.isHeld()).isFalse();
    assertThat(waiting).isCompletedExceptionally();
    assertThat(queued).isCompletedExceptionally();
    assertThat(a.client().health().status()).isEqualTo(Health.Status.CLOSED);
    awaitEntries(lockQueue("theirs"), 1);
    b.client().close();
  }

  @Test
  void everyThreadIsADaemonSoThatAForgottenClientKeepsNoProcessAlive() throws InterruptedException {
    Member a = clients.join("a");
    CountDownLatch running = new CountDownLatch(1);
    SingletonTask.start(
        a.latch("e"),
        lease -> {
          running.countDown();
          new CountDownLatch(1).await();
        });
    running.await();
    answer(a.lock("x").acquireAsync());

    assertThat(Thread.getAllStackTraces().keySet())
        .filteredOn(
            thread -> thread.getName().startsWith("tenure-") || fixture.isClientThread(thread))
        .isNotEmpty()
        .allMatch(Thread::isDaemon);
  }

  @Test
  void whatWasReleasedCancelledOrTimedOutLeavesNothingInALivingClient()
      throws InterruptedException {
    Member a = clients.join("a");
    Member b = clients.join("b");
    for (int i = 0; i < CYCLES; i++) {
      Lease lease = a.lock("x").acquire();
      CompletableFuture<Lease> cancelled = b.lock("x").acquireAsync();
      assertThat(b.lock("x").tryAcquire()).isEmpty();
      cancelled.cancel(true);
      lease.close();
    }

    awaitEntries(lockQueue("x"), 0);
    eventually(
        () -> {
          assertThat(a.faults().openWatches()).isZero();
          assertThat(b.faults().openWatches()).isZero();
          assertThat(fixture.watches()).isZero();
          assertThat(a.client().health()).matches(health -> isQuiet(health));
          assertThat(b.client().health()).matches(health -> isQuiet(health));
        });
    assertThat(a.faults().calls(StoreCall.OPEN_SESSION)).isOne();
  }

  private static boolean isQuiet(Health health) {
    return health.held() == 0 && health.waiting() == 0 && health.cleaning() == 0;
  }

  @Test
  void anObservationThatIsClosedLeavesNoWatch() throws InterruptedException {
    Member a = clients.join("a");
    Recorder<Object> seen = new Recorder<>();
    Subscription one = a.election("e").observe(seen::accept);
    Subscription other = a.election("e").observeQueue(seen::accept);
    eventually(() -> assertThat(seen.all()).hasSize(2));
    one.close();
    other.close();
    other.close();

    eventually(() -> assertThat(a.faults().openWatches()).isZero());
    eventually(() -> assertThat(fixture.watches()).isZero());
  }

  @Test
  void sessionsThatWereLostAreClosedInTheStore() throws InterruptedException {
    Member a = clients.joinAttentive("a");
    for (int i = 0; i < 2; i++) {
      Lease lease = a.lock("x").acquire();
      fixture.expireSession(a.session());
      answer(lease.lost());
    }
    a.lock("x").acquire();
    eventually(() -> assertThat(sessions()).isOne());
  }

  @Test
  void aClosedClientTakesNoOrders() throws InterruptedException {
    Member a = clients.join("a");
    CoordinationClient client = a.client();
    var lock = client.lock("x");
    var latch = client.leaderLatch("e");
    var cells = client.cells();
    var election = client.election("e");
    client.close();
    client.close();

    assertThatExceptionOfType(ClientClosedException.class).isThrownBy(() -> client.lock("x"));
    assertThatExceptionOfType(ClientClosedException.class)
        .isThrownBy(() -> client.leaderLatch("e"));
    assertThatExceptionOfType(ClientClosedException.class).isThrownBy(() -> client.election("e"));
    assertThatExceptionOfType(ClientClosedException.class).isThrownBy(client::cells);
    assertThatExceptionOfType(ClientClosedException.class).isThrownBy(lock::acquire);
    assertThatExceptionOfType(ClientClosedException.class).isThrownBy(lock::tryAcquire);
    assertThatExceptionOfType(ClientClosedException.class).isThrownBy(latch::start);
    assertThatExceptionOfType(ClientClosedException.class).isThrownBy(() -> cells.get("k"));
    assertThatExceptionOfType(ClientClosedException.class).isThrownBy(election::leader);
    assertThat(Eventually.failure(lock.acquireAsync())).isInstanceOf(ClientClosedException.class);
  }

  @Test
  void aClientThatWasNeverUsedClosesAtOnce() {
    Member a = clients.join("a");
    assertThat(a.client().health().status()).isEqualTo(Health.Status.IDLE);
    a.client().close();
    assertThat(a.faults().calls(StoreCall.CLOSE_SESSION)).isZero();
  }

  @Test
  void healthTellsTheTruthFromTheClock() throws InterruptedException {
    Member a = clients.joinShortLived("a");
    Lease lease = a.lock("x").acquire();
    Health up = a.client().health();
    assertThat(up.status()).isEqualTo(Health.Status.UP);
    assertThat(up.held()).isOne();
    assertThat(up.remaining()).isPositive().isLessThan(fixture.ttl());
    a.faults().each(StoreCall.HEARTBEAT).fail(Outcome.UNKNOWN);
    a.faults().each(StoreCall.OPEN_SESSION).fail(Outcome.NOT_DONE);
    eventually(() -> assertThat(a.client().health().status()).isEqualTo(Health.Status.SUSPECT));
    answer(lease.lost());
    CompletableFuture<Lease> again = a.lock("x").acquireAsync();

    eventually(() -> assertThat(a.client().health().status()).isEqualTo(Health.Status.DOWN));
    assertThat(a.client().health().remaining()).isEqualTo(Duration.ZERO);
    a.faults().clear();
    assertThat(answer(again).isHeld()).isTrue();
  }
}

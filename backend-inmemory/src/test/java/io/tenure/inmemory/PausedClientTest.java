package io.tenure.inmemory;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.CoordinationClient;
import io.tenure.Lease;
import io.tenure.LossReason;
import io.tenure.inmemory.Faults.Operation;
import io.tenure.spi.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A process that stands still while its lease runs out, as in a long garbage collection: what it
 * believes when it goes on. One manual clock serves the store and every client, so nothing here
 * depends on how fast the machine is.
 */
class PausedClientTest {
  private static final Duration TTL = Duration.ofSeconds(10);
  private static final Duration BEYOND = TTL.plusSeconds(1);

  private final ManualTime time = new ManualTime();
  private final InMemoryStore store = InMemoryStore.create(time, time);
  private final Pausable process = new Pausable();
  private final CoordinationClient paused = client("paused", process);
  private final CoordinationClient other = client("other", time);
  private final CoordinationClient third = client("third", time);

  /** A process's timers, which stand still while the process does. */
  private final class Pausable implements Scheduler {
    private final List<Runnable> missed = new ArrayList<>();
    private boolean stopped;

    @Override
    public Cancellable schedule(Runnable task, long delayNanos) {
      return time.schedule(() -> due(task), delayNanos);
    }

    private void due(Runnable task) {
      if (stopped) {
        missed.add(task);
      } else {
        task.run();
      }
    }

    void stop() {
      stopped = true;
    }

    void goOn() {
      stopped = false;
      List.copyOf(missed).forEach(Runnable::run);
      missed.clear();
      settle();
    }

    @Override
    public double random() {
      return 0;
    }

    @Override
    public void close() {
      missed.clear();
    }
  }

  private CoordinationClient client(String candidate, Scheduler scheduler) {
    return CoordinationClient.builder(InMemoryBackend.on(store))
        .candidate(candidate)
        .leaseTtl(TTL)
        .ticker(time)
        .scheduler(scheduler)
        .executor(task -> scheduler.schedule(task, 0))
        .build();
  }

  /** Runs what is due now. */
  private void settle() {
    time.advance(Duration.ZERO);
  }

  private Lease granted(CompletableFuture<Lease> future) {
    settle();
    assertThat(future).isCompleted();
    return future.join();
  }

  @AfterEach
  void release() {
    store.sessions().forEach(store::expireSession);
  }

  @Test
  void aHolderThatWasPausedDoesNotBelieveAnyMoreBeforeAnyTimerHasRun() {
    Lease lease = granted(paused.lock("x").acquireAsync());
    CompletableFuture<Lease> next = other.lock("x").acquireAsync();
    process.stop();

    time.advance(BEYOND);

    assertThat(lease.isHeld()).isFalse();
    assertThat(lease.remaining()).isZero();
    assertThat(granted(next).token().isNewerThan(lease.token())).isTrue();
  }

  @Test
  void aHolderThatWasPausedIsToldOfItsLossWhenItGoesOn() {
    Lease lease = granted(paused.lock("x").acquireAsync());
    List<LossReason> losses = new ArrayList<>();
    lease.lost().thenAccept(losses::add);
    process.stop();
    time.advance(BEYOND);

    process.goOn();
    time.advance(TTL);

    assertThat(losses).containsExactly(LossReason.EXPIRED);
  }

  @Test
  void aHolderThatReleasesAfterItsPauseHarmsNobody() {
    Lease lease = granted(paused.lock("x").acquireAsync());
    CompletableFuture<Lease> next = other.lock("x").acquireAsync();
    List<LossReason> losses = new ArrayList<>();
    lease.lost().thenAccept(losses::add);
    process.stop();
    time.advance(BEYOND);
    Lease successor = granted(next);

    lease.releaseAsync();
    process.goOn();
    time.advance(TTL.multipliedBy(3));

    assertThat(successor.isHeld()).isTrue();
    assertThat(losses)
        .as("a late release is a loss, and told as one")
        .containsExactly(LossReason.EXPIRED);
  }

  @Test
  void aWaiterWhoseSessionRanOutDuringItsPauseIsNotGrantedWhenItsTurnIsAnnounced() {
    Lease first = granted(other.lock("x").acquireAsync());
    CompletableFuture<Lease> waiter = paused.lock("x").acquireAsync();
    settle();
    CompletableFuture<Lease> behind = third.lock("x").acquireAsync();
    settle();
    // The news that its blocker has left reaches the waiter late, and finds its process paused.
    store.faults(
        request ->
            request.operation() == Operation.EVENT && request.client().equals("paused")
                ? Fault.delay(BEYOND.plusSeconds(1))
                : Fault.none());
    process.stop();
    first.releaseAsync();
    time.advance(BEYOND);
    Lease holder = granted(behind);

    time.advance(Duration.ofSeconds(2));

    assertThat(waiter).as("granted to the waiter, although its session is over").isNotDone();
    assertThat(holder.isHeld()).isTrue();
    store.faults(Faults.none());
    process.goOn();
    holder.releaseAsync();
    time.advance(TTL);
    assertThat(granted(waiter).token().isNewerThan(holder.token())).isTrue();
  }

  @Test
  void aLossIsToldAtTheDeadlineAndNotAtTheNextRenewal() {
    Lease lease = granted(paused.lock("x").acquireAsync());
    List<Long> toldAt = new ArrayList<>();
    lease.lost().thenAccept(reason -> toldAt.add(time.read()));
    store.faults(
        request ->
            request.operation() == Operation.HEARTBEAT && request.client().equals("paused")
                ? Fault.loseRequest()
                : Fault.none());
    long deadline = time.read() + lease.remaining().toNanos();

    time.advance(TTL);

    assertThat(toldAt).containsExactly(deadline);
  }

  @Test
  void anAnswerThatComesAfterTheDeadlineRevivesNothing() {
    Lease lease = granted(paused.lock("x").acquireAsync());
    store.faults(
        request ->
            request.operation() == Operation.HEARTBEAT && request.client().equals("paused")
                ? Fault.delayAnswer(TTL)
                : Fault.none());

    time.advance(TTL);
    assertThat(lease.isHeld()).isFalse();
    time.advance(TTL.multipliedBy(2));

    assertThat(lease.isHeld()).isFalse();
  }
}

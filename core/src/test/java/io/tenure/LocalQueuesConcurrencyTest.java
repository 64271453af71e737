package io.tenure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(600)
class LocalQueuesConcurrencyTest {
  private static final int ROUNDS = 400;

  @Test
  void oneAtATimeHoldsAndEverybodyElseIsServedOrGone() {
    Interleavings.explore(Scenario.class, 6, 3, 2, 40);
  }

  /** Callers of one client that want the same lock, give it up, and are told, at the same time. */
  public static final class Scenario {
    private final Stage stage = new Stage();
    private final DistributedLock lock = new QueuedLock(stage.context, "a");
    private final ConcurrentLinkedQueue<CompletableFuture<Lease>> calls =
        new ConcurrentLinkedQueue<>();

    @Operation
    public void acquire() {
      calls.add(lock.acquireAsync());
    }

    @Operation
    public void giveUpOrRelease() {
      CompletableFuture<Lease> call = calls.poll();
      if (call != null && !call.cancel(false)) {
        call.join().releaseAsync();
      }
    }

    @Operation
    public void tell() {
      stage.callUsers();
    }

    @Validate
    public void everybodyIsServed() {
      stage.callUsers();
      while (!calls.isEmpty()) {
        int holders = 0;
        for (CompletableFuture<Lease> call : calls) {
          if (call.isDone()) {
            holders++;
            calls.remove(call);
            call.join().releaseAsync();
          }
        }
        if (holders != 1) {
          throw new AssertionError(holders + " hold it, and " + calls + " wait");
        }
        stage.callUsers();
      }
      if (stage.context.localQueues.size() != 0 || stage.store.entries != 0) {
        throw new AssertionError("somebody's place is left");
      }
    }
  }

  @Test
  void whoGivesUpWhileItsTurnComesPassesTheTurnOn() throws Exception {
    Race.run(
        ROUNDS,
        round -> {
          Stage stage = new Stage();
          DistributedLock lock = new QueuedLock(stage.context, "a");
          CompletableFuture<Lease> first = lock.acquireAsync();
          stage.callUsers();
          CompletableFuture<Lease> second = lock.acquireAsync();
          CompletableFuture<Lease> third = lock.acquireAsync();
          return new Race.Round(
              List.of(
                  () -> first.getNow(null).releaseAsync(),
                  () -> second.cancel(false),
                  stage::callUsers),
              () -> {
                stage.callUsers();
                release(stage, second);
                assertThat(third).isCompletedWithValueMatching(Lease::isHeld);
                release(stage, third);
                nothingIsLeft(stage);
              });
        });
  }

  @Test
  void whoIsInterruptedWhileItsTurnComesPassesTheTurnOn() throws Exception {
    Race.run(
        ROUNDS,
        round -> {
          Stage stage = new Stage();
          DistributedLock lock = new QueuedLock(stage.context, "a");
          CompletableFuture<Lease> first = lock.acquireAsync();
          stage.callUsers();
          AtomicReference<Optional<Lease>> second = new AtomicReference<>(Optional.empty());
          CompletableFuture<Thread> waiter = new CompletableFuture<>();
          return new Race.Round(
              List.of(
                  () -> {
                    waiter.complete(Thread.currentThread());
                    try {
                      second.set(Optional.of(lock.acquire()));
                      assertThat(second.get().orElseThrow().isHeld()).isTrue();
                    } catch (InterruptedException e) {
                      assertThat(second.get()).isEmpty();
                    }
                  },
                  () -> waiter.join().interrupt(),
                  () -> first.getNow(null).releaseAsync()),
              () -> {
                second.get().ifPresent(Lease::releaseAsync);
                CompletableFuture<Lease> third = lock.acquireAsync();
                stage.callUsers();
                assertThat(third).isCompletedWithValueMatching(Lease::isHeld);
                release(stage, third);
                nothingIsLeft(stage);
              });
        });
  }

  private static void release(Stage stage, CompletableFuture<Lease> granted) {
    if (!granted.isCancelled()) {
      granted.getNow(null).releaseAsync();
      stage.callUsers();
    }
  }

  private static void nothingIsLeft(Stage stage) {
    assertThat(stage.context.held).hasValue(0);
    assertThat(stage.context.localQueues.size()).isZero();
    assertThat(stage.context.localQueues.isBusy(stage.context.names.lock("a"))).isFalse();
    assertThat(stage.store.entries).isZero();
  }
}

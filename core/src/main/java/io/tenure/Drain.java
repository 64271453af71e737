package io.tenure;

import io.tenure.spi.Scheduler;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;

/** The orderly end of a turn: followers stop their work while the lease is still held, bounded. */
final class Drain {
  private final CompletableFuture<Void> drained = new CompletableFuture<>();

  /** Begins to drain; to be called in the lane. */
  Drain(Context context, HeldLease lease, Collection<TurnFollower> followers, long boundNanos) {
    CompletableFuture<?>[] parts =
        followers.stream()
            .map(follower -> follower.resigning(lease))
            .toArray(CompletableFuture<?>[]::new);
    Scheduler.Cancellable timer =
        context.after(
            boundNanos,
            () -> {
              if (!drained.isDone()) {
                context.events.emit(
                    new CoordinationEvent.DrainTimedOut(lease.name(), lease.token()));
                drained.complete(null);
              }
            });
    CompletableFuture.allOf(parts)
        .whenComplete(
            (done, error) ->
                context.lane.execute(
                    () -> {
                      timer.cancel();
                      drained.complete(null);
                    }));
  }

  /** Completes in the lane and never fails. */
  CompletableFuture<Void> drained() {
    return drained;
  }
}

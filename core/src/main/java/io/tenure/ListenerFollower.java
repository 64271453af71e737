package io.tenure;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Passes a latch's turns on to a user's listener, one call at a time. */
final class ListenerFollower implements TurnFollower {
  private final LeadershipListener listener;
  private final Dispatcher.Serial serial;
  private final Lane lane;
  private final Set<CompletableFuture<Void>> expected = new LinkedHashSet<>();

  ListenerFollower(Context context, QueuedLatch latch, LeadershipListener listener) {
    this.listener = listener;
    this.serial = context.dispatcher.serial(latch, "listener of election '" + latch.name() + "'");
    this.lane = context.lane;
  }

  @Override
  public void elected(HeldLease lease) {
    serial.execute(() -> listener.elected(lease));
  }

  @Override
  public CompletableFuture<Void> resigning(HeldLease lease) {
    return after(() -> listener.resigning(lease));
  }

  @Override
  public void ended(HeldLease lease, Optional<LossReason> loss) {
    serial.execute(
        () -> {
          if (loss.isPresent()) {
            listener.lost(lease, loss.get());
          } else {
            listener.released(lease);
          }
        });
  }

  @Override
  public CompletableFuture<Void> caughtUp() {
    return after(() -> {});
  }

  private CompletableFuture<Void> after(Runnable call) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    expected.add(done);
    serial.execute(
        () -> {
          try {
            call.run();
          } finally {
            lane.execute(
                () -> {
                  expected.remove(done);
                  done.complete(null);
                });
          }
        });
    return done;
  }

  @Override
  public void dismissed() {
    serial.close();
    // What was dropped would never complete, and somebody may be draining.
    expected.forEach(done -> done.complete(null));
    expected.clear();
  }
}

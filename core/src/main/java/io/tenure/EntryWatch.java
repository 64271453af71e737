package io.tenure;

import io.tenure.spi.Entry;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import io.tenure.spi.StoreSession;
import io.tenure.spi.Wait;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A watch on one entry that tells, in the lane and at most once, that the entry departed or that
 * the watch was disrupted; nothing after {@link #cancel}. Belongs to the lane.
 */
final class EntryWatch {
  private final Wait wait;
  private boolean ended;

  private EntryWatch(Wait wait) {
    this.wait = wait;
  }

  static EntryWatch begin(
      Lane lane,
      StoreSession session,
      Entry entry,
      long fromVersion,
      Runnable departed,
      Consumer<StoreException> disrupted) {
    EntryWatch watch = new EntryWatch(wait(session, entry, fromVersion));
    watch
        .wait
        .departed()
        .whenComplete((gone, error) -> lane.execute(() -> watch.end(error, departed, disrupted)));
    return watch;
  }

  private static Wait wait(StoreSession session, Entry entry, long fromVersion) {
    try {
      return session.awaitDeparture(entry, fromVersion);
    } catch (RuntimeException e) {
      return new Failed(
          new StoreException(Outcome.NOT_DONE, "the watch of " + entry + " was not begun", e));
    }
  }

  private void end(
      @Nullable Throwable error, Runnable departed, Consumer<StoreException> disrupted) {
    if (ended) {
      return;
    }
    ended = true;
    if (error == null) {
      departed.run();
    } else {
      disrupted.accept(Calls.storeException(error));
    }
  }

  void cancel() {
    ended = true;
    wait.cancel();
  }

  /** Stands for a watch that could not even be begun. */
  private record Failed(StoreException cause) implements Wait {
    @Override
    public CompletionStage<@Nullable Void> departed() {
      return CompletableFuture.failedFuture(cause);
    }

    @Override
    public void cancel() {
      // Nothing was begun.
    }
  }
}

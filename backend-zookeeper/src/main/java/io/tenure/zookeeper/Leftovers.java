package io.tenure.zookeeper;

import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a session leaves behind when it ends before ZooKeeper's session does.
 *
 * <p>Nobody else would ever remove it: the ZooKeeper session lives on for the sessions that follow,
 * or for the user's own ends. So it is deleted again and again, until the store has confirmed it or
 * the ZooKeeper session is over.
 */
final class Leftovers {
  private static final Logger log = LoggerFactory.getLogger(Leftovers.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final Handle handle;
  private final CompletableFuture<@Nullable Void> done = new CompletableFuture<>();

  /** Something to delete. The deletion succeeds also if it is not there. */
  record Leftover(String what, Supplier<CompletableFuture<?>> deletion) {}

  private Leftovers(Handle handle) {
    this.handle = handle;
  }

  /** Deletes all, and completes when that is certain. */
  static CompletableFuture<@Nullable Void> delete(Handle handle, List<Leftover> all) {
    Leftovers leftovers = new Leftovers(handle);
    leftovers.round(all, FIRST_PAUSE);
    return leftovers.done;
  }

  private void round(List<Leftover> left, Duration pause) {
    if (left.isEmpty() || !handle.isAlive()) {
      done.complete(null);
      return;
    }
    Futures.all(left.stream().map(Leftovers::undecided).toList())
        .thenAccept(all -> later(all.stream().flatMap(Optional::stream).toList(), pause));
  }

  /** Deletes one; answers with it if nobody knows whether it is still there. */
  private static CompletableFuture<Optional<Leftover>> undecided(Leftover leftover) {
    return leftover
        .deletion()
        .get()
        .handle(
            (done, error) -> {
              if (error == null) {
                return Optional.empty();
              }
              StoreException known =
                  Codes.explain(Codes.Request.ENTRY, "delete " + leftover.what(), error);
              if (known.outcome() == Outcome.REFUSED) {
                log.warn("a session's leftover stays until ZooKeeper's session ends", known);
              }
              boolean decided =
                  known.outcome() == Outcome.REFUSED || known.outcome() == Outcome.SESSION_GONE;
              return decided ? Optional.empty() : Optional.of(leftover);
            });
  }

  private void later(List<Leftover> again, Duration pause) {
    if (again.isEmpty()) {
      done.complete(null);
      return;
    }
    log.info("{} leftovers of an ended session are not deleted yet", again.size());
    Duration doubled = pause.multipliedBy(2);
    Duration next = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    CompletableFuture.delayedExecutor(pause.toNanos(), TimeUnit.NANOSECONDS, Runnable::run)
        .execute(() -> round(again, next));
  }
}

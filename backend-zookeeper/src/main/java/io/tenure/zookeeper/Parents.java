package io.tenure.zookeeper;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.data.ACL;

/**
 * The nodes above queues and cells: containers, which the server deletes some time after their last
 * child has gone.
 *
 * <p>What exists is remembered, so that only the first use of a name sends more than its own
 * request. The memory may be wrong at any time, and then the request itself fails and says so.
 */
final class Parents {
  private static final int LIMIT = 10_000;
  private static final byte[] NOTHING = {};

  private final Function<String, List<ACL>> acls;
  private final Set<String> known = ConcurrentHashMap.newKeySet();

  Parents(Function<String, List<ACL>> acls) {
    this.acls = acls;
  }

  /**
   * Sends what creates a path, as far as it is not known to exist, without waiting: the request
   * that needs it can follow in the same flight.
   *
   * @return never fails; the first refusal, which matters only if that request then finds no parent
   */
  CompletableFuture<Optional<Throwable>> ensure(Handle handle, String path) {
    CompletableFuture<Optional<Throwable>> refusal =
        CompletableFuture.completedFuture(Optional.empty());
    if (path.isEmpty() || known.contains(path)) {
      return refusal;
    }
    for (String level : Paths.levels(path)) {
      if (!known.contains(level)) {
        refusal = refusal.thenCombine(create(handle, level), (first, next) -> first.or(() -> next));
      }
    }
    return refusal;
  }

  private CompletableFuture<Optional<Throwable>> create(Handle handle, String level) {
    return handle
        .create(level, NOTHING, acls.apply(level), CreateMode.CONTAINER)
        .handle(
            (created, error) -> {
              if (error == null || Codes.is(error, Code.NODEEXISTS)) {
                remember(level);
                return Optional.empty();
              }
              return Optional.of(error);
            });
  }

  private void remember(String level) {
    if (known.size() >= LIMIT) {
      known.clear();
    }
    known.add(level);
  }

  /** Forgets a path and everything above it, since one of them turned out not to exist. */
  void forget(String path) {
    if (!path.isEmpty()) {
      known.removeAll(new ArrayList<>(Paths.levels(path)));
    }
  }
}

package io.tenure.zookeeper;

import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import io.tenure.spi.Wait;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.WatcherType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The waits of one session for the deletion of nodes.
 *
 * <p>Each node has one watch, however many wait for it, set by reading the node's data: reading
 * finds out whether the node is there, and unlike {@code exists} it leaves no watch behind when it
 * is not. The watch fires once for any change and is set again until the node is gone. When the
 * connection breaks the client sets it again by itself, and the server then reports a deletion that
 * happened meanwhile. Thread-safe.
 */
final class Departures {
  private static final Logger log = LoggerFactory.getLogger(Departures.class);

  private final Handle handle;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Departure> departures = new HashMap<>();
  private Optional<StoreException> closed = Optional.empty();

  Departures(Handle handle) {
    this.handle = handle;
  }

  Wait await(String path) {
    NodeWait wait = new NodeWait(path);
    boolean first = false;
    Departure departure;
    lock.lock();
    try {
      if (closed.isPresent()) {
        wait.departed.completeExceptionally(closed.get());
        return wait;
      }
      departure = departures.get(path);
      if (departure == null) {
        first = true;
        departure = new Departure(path);
        departures.put(path, departure);
      }
      departure.waits.add(wait);
    } finally {
      lock.unlock();
    }
    if (first) {
      departure.watch();
    }
    return wait;
  }

  /** Ends all waits with a reason, those to come included. */
  void close(StoreException reason) {
    List<Departure> all;
    lock.lock();
    try {
      if (closed.isPresent()) {
        return;
      }
      closed = Optional.of(reason);
      all = new ArrayList<>(departures.values());
    } finally {
      lock.unlock();
    }
    for (Departure departure : all) {
      departure.end(reason);
      departure.unwatch();
    }
  }

  private void cancel(NodeWait wait) {
    Departure idle;
    lock.lock();
    try {
      idle = departures.get(wait.path);
      if (idle == null || !idle.waits.remove(wait) || !idle.waits.isEmpty()) {
        return;
      }
      departures.remove(wait.path);
    } finally {
      lock.unlock();
    }
    idle.unwatch();
  }

  /** What several may wait for: that one node is deleted. */
  private final class Departure implements Watcher {
    private final String path;
    private final Set<NodeWait> waits = new HashSet<>();

    Departure(String path) {
      this.path = path;
    }

    void watch() {
      handle
          .data(path, this)
          .whenComplete(
              (content, error) -> {
                if (error != null) {
                  failed(error);
                }
              });
    }

    private void failed(Throwable error) {
      if (Codes.is(error, Code.NONODE)) {
        end(null);
      } else {
        end(Codes.explain(Codes.Request.READ, "watch an entry", error));
        // A request that was given up may still be answered, and would set the watch then.
        unwatch();
      }
    }

    @Override
    public void process(WatchedEvent event) {
      switch (event.getType()) {
        case NodeDeleted -> end(null);
        // Someone else who uses the same client took our watch off together with his own.
        case NodeDataChanged, NodeCreated, DataWatchRemoved -> {
          if (isWanted()) {
            watch();
          }
        }
        default -> connectionChanged(event.getState());
      }
    }

    private void connectionChanged(Event.KeeperState state) {
      switch (state) {
        case Expired, Closed, AuthFailed ->
            end(new StoreException(Outcome.SESSION_GONE, "the ZooKeeper session ended: " + state));
        default -> log.trace("{} while waiting for {}", state, path);
      }
    }

    private boolean isWanted() {
      lock.lock();
      try {
        return departures.get(path) == this;
      } finally {
        lock.unlock();
      }
    }

    /** Answers everyone who waits: gone, or the reason why that will not be known. */
    void end(@Nullable StoreException reason) {
      List<NodeWait> answered;
      lock.lock();
      try {
        if (!departures.remove(path, this)) {
          return;
        }
        answered = new ArrayList<>(waits);
        waits.clear();
      } finally {
        lock.unlock();
      }
      for (NodeWait wait : answered) {
        if (reason == null) {
          wait.departed.complete(null);
        } else {
          wait.departed.completeExceptionally(reason);
        }
      }
    }

    void unwatch() {
      handle
          .removeWatches(path, WatcherType.Data)
          .whenComplete(
              (removed, error) -> {
                if (error != null) {
                  log.trace("no watch was taken off {}", path, error);
                }
              });
    }
  }

  private final class NodeWait implements Wait {
    private final String path;
    private final CompletableFuture<@Nullable Void> departed = new CompletableFuture<>();

    NodeWait(String path) {
      this.path = path;
    }

    @Override
    public CompletionStage<@Nullable Void> departed() {
      return departed.minimalCompletionStage();
    }

    @Override
    public void cancel() {
      Departures.this.cancel(this);
    }
  }
}

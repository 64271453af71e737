package io.tenure.consul;

import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that the store went back in time: a snapshot was restored, or another cluster answers in
 * its place.
 *
 * <p>Consul's indexes are our fencing tokens, and what comes back with a snapshot may be entries
 * that were removed, of sessions that live: so no session goes on that is older than that. The
 * index of all keys together is asked for by reading a key that nobody ever writes. It never falls
 * by itself, unlike the index of a prefix, which forgets old deletions. Thread-safe.
 */
final class StoreAge {
  private static final Logger log = LoggerFactory.getLogger(StoreAge.class);

  /** What an operator has to know who sees nothing but this sentence. */
  private static final String ADVICE =
      "Sessions from before are over, and tokens may repeat: raise the generation (see"
          + " docs/backends/consul.md, \"When tokens go backwards\")";

  private final Agent agent;
  private final Place nowhere;
  private final AtomicBoolean looking = new AtomicBoolean();
  private final ReentrantLock lock = new ReentrantLock();
  private long newest;
  private int life;
  private String change = "";

  /** What was known when a request was sent: which life of the store, and its index. */
  record Mark(int life, long index) {}

  StoreAge(Agent agent, Keys keys) {
    this.agent = agent;
    this.nowhere = new Place(keys.nowhere(), Place.Scope.KEY);
  }

  Mark mark() {
    lock.lock();
    try {
      return new Mark(life, newest);
    } finally {
      lock.unlock();
    }
  }

  /** Asks for the store's index, unless that is being done. A failure says nothing about it. */
  void look() {
    if (looking.compareAndSet(false, true)) {
      ask()
          .whenComplete(
              (done, error) -> {
                looking.set(false);
                if (error != null) {
                  log.debug("the store's index is not known", error);
                }
              });
    }
  }

  /** Asks for the store's index; completes when it has been taken into account. */
  CompletableFuture<Void> ask() {
    Mark sentAt = mark();
    return agent
        .read("read the store's index", nowhere)
        .thenAccept(
            now -> {
              // A key that exists has an index of its own.
              if (now.pairs().isEmpty()) {
                answered(sentAt, now.index());
              }
            });
  }

  /** Takes in the index of all keys, read linearizably by a request that was sent at the mark. */
  void answered(Mark sentAt, long index) {
    lock.lock();
    try {
      if (sentAt.life != life) {
        return;
      }
      if (index >= sentAt.index) {
        newest = Math.max(newest, index);
      } else {
        change =
            String.format(
                "Consul went back in time, from index %d to %d: it was restored from a snapshot,"
                    + " or replaced",
                sentAt.index, index);
        life++;
        newest = index;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Takes in the index of something that was written by a request that was sent at the mark. */
  void wrote(Mark sentAt, long index) {
    if (index > sentAt.index) {
      answered(sentAt, index);
    }
  }

  /**
   * Checks that something from an earlier time still counts.
   *
   * @throws StoreException if the store went back since
   */
  void requireSameLife(Mark since) {
    lock.lock();
    try {
      if (life != since.life) {
        throw new StoreException(Outcome.STORE_REGRESSED, change + ". " + ADVICE);
      }
    } finally {
      lock.unlock();
    }
  }
}

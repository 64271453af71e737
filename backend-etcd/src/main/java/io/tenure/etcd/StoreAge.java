package io.tenure.etcd;

import io.etcd.jetcd.api.ResponseHeader;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that the store went back in time: it was restored from a snapshot, or another one answers
 * in its place.
 *
 * <p>Its revisions are our fencing tokens, so a session that is older than that must not go on. The
 * revision of a linearizable answer is at least that of any answer that was there when its request
 * was sent; other answers do not count. Thread-safe.
 */
final class StoreAge {
  private static final Logger log = LoggerFactory.getLogger(StoreAge.class);

  /** What an operator has to know who sees nothing but this sentence. */
  private static final String ADVICE =
      "Sessions from before are over, and tokens may repeat: raise the generation (see"
          + " docs/backends/etcd.md, \"When tokens go backwards\")";

  private final ReentrantLock lock = new ReentrantLock();
  private long clusterId;
  private long revision;
  private int life;
  private String change = "";
  private boolean told = true;

  /** What was known when a request was sent: which life of the store, and its revision. */
  record Mark(int life, long revision) {}

  Mark mark() {
    lock.lock();
    try {
      return new Mark(life, revision);
    } finally {
      lock.unlock();
    }
  }

  /** Takes in the header of a linearizable answer to a request that was sent at the mark. */
  void answered(Mark sentAt, ResponseHeader header) {
    lock.lock();
    try {
      if (sentAt.life != life) {
        return;
      }
      boolean sameCluster = clusterId == 0 || clusterId == header.getClusterId();
      if (sameCluster && header.getRevision() >= sentAt.revision) {
        revision = Math.max(revision, header.getRevision());
      } else {
        change =
            sameCluster
                ? String.format(
                    "etcd went back in time, from revision %d to %d: it was restored from an older"
                        + " state",
                    sentAt.revision, header.getRevision())
                : String.format(
                    "another etcd cluster answers, %x at revision %d instead of %x at %d: it was"
                        + " restored from a snapshot, or replaced",
                    header.getClusterId(), header.getRevision(), clusterId, sentAt.revision);
        told = false;
        life++;
        revision = header.getRevision();
      }
      clusterId = header.getClusterId();
    } finally {
      lock.unlock();
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
        told = true;
        throw new StoreException(Outcome.STORE_REGRESSED, change + ". " + ADVICE);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Logs that the store went back if it did so while there was no session to tell it. */
  void logIfUntold() {
    lock.lock();
    try {
      if (!told) {
        told = true;
        log.error("{}. {}", change, ADVICE);
      }
    } finally {
      lock.unlock();
    }
  }
}

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

  private final ReentrantLock lock = new ReentrantLock();
  private long clusterId;
  private long revision;
  private int life;

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
        log.error(
            "etcd went back: from revision {} of cluster {} to revision {} of cluster {}. All"
                + " sessions end. Raise the generation, or tokens will repeat",
            sentAt.revision,
            Long.toHexString(clusterId),
            header.getRevision(),
            Long.toHexString(header.getClusterId()));
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
    if (mark().life != since.life) {
      throw new StoreException(
          Outcome.SESSION_GONE,
          "the session ends, because etcd was restored or replaced by an older one: its revisions,"
              + " which are the fencing tokens, went back");
    }
  }
}

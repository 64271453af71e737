package io.tenure.consul;

import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a place again and again, each time as soon as it has changed, on a thread of its own.
 *
 * <p>A query that returns need not mean a change, and an index that went back, as after a restore,
 * begins anew. A feed ends when its reader has seen enough, which is asked when a query returns:
 * the servers go on to hold a query back whose client has gone, and count its connection, so there
 * would be no bound on them if queries were given up and replaced.
 */
final class Feed implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(Feed.class);
  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final long LONGEST_PAUSE_MILLIS = 2_000;

  private final Agent agent;
  private final Place place;
  private final long fromIndex;
  private final Duration patience;
  private final Duration spacing;
  private final Reader reader;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile Call call;
  // Both belong to the feed's thread.
  private OptionalLong failingSinceNanos = OptionalLong.empty();
  private long pauseMillis = FIRST_PAUSE_MILLIS;

  /** Who reads. Called on the feed's thread, one call at a time. */
  interface Reader {
    /**
     * Takes what stands there now.
     *
     * @return false to end the feed
     */
    boolean see(Snapshot now);

    /** Told that the feed has ended because the store could not be read. */
    void fail(StoreException e);
  }

  /**
   * Prepares a feed.
   *
   * @param fromIndex the index of what the reader has seen; zero if it has seen nothing
   * @param patience for how long the store may be out of reach
   * @param spacing the least time from one query to the next
   */
  Feed(
      Agent agent,
      Place place,
      long fromIndex,
      Duration patience,
      Duration spacing,
      Reader reader) {
    this.agent = agent;
    this.place = place;
    this.fromIndex = fromIndex;
    this.patience = patience;
    this.spacing = spacing;
    this.reader = reader;
    this.call = agent.waiting();
  }

  @Override
  public void run() {
    try {
      follow();
    } catch (Error e) {
      // This thread ends, but nobody may wait for it for ever.
      reader.fail(new StoreException(Outcome.NOT_DONE, "cannot watch " + place.path(), e));
      throw e;
    }
  }

  private void follow() {
    long index = fromIndex;
    while (!isStopped()) {
      try {
        Snapshot now = agent.await(call, "watch " + place.path(), place, index);
        index = now.index() < index ? 0 : now.index();
        failingSinceNanos = OptionalLong.empty();
        if (!reader.see(now)) {
          return;
        }
        pause(spacing.toMillis());
      } catch (RuntimeException e) {
        StoreException known = Codes.lost(Codes.Request.READ, "watch " + place.path(), e);
        if (isStopped()) {
          return;
        }
        if (isHopeless(known)) {
          reader.fail(known);
          return;
        }
        log.debug("watching {} again", place.path(), known);
        pause(pauseMillis + ThreadLocalRandom.current().nextLong(pauseMillis));
        pauseMillis = Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS);
      }
      call = agent.waiting();
    }
  }

  private boolean isHopeless(StoreException e) {
    long now = System.nanoTime();
    if (failingSinceNanos.isEmpty()) {
      failingSinceNanos = OptionalLong.of(now);
      pauseMillis = FIRST_PAUSE_MILLIS;
    }
    return e.outcome() == Outcome.REFUSED
        || now - failingSinceNanos.getAsLong() >= patience.toNanos();
  }

  /** Waits, but not beyond the end of the feed. */
  private void pause(long millis) {
    try {
      if (stopped.await(millis, TimeUnit.MILLISECONDS)) {
        log.trace("{} is not watched any more", place.path());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stopped.countDown();
    }
  }

  private boolean isStopped() {
    return stopped.getCount() == 0;
  }

  /** Ends the feed at once. The reader is not told. */
  void stop() {
    stopped.countDown();
    call.giveUp();
  }
}

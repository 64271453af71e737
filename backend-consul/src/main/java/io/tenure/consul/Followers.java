package io.tenure.consul;

import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Everyone who follows a place, served with a bounded number of queries.
 *
 * <p>An agent refuses an address that has more than 200 connections, whoever opened them, and then
 * requests fail as well. So the first {@value #ALONE} have a query each, which wakes them for their
 * own place only; the others share one query for each directory of queues. Whoever's own query
 * fails joins the others, and so do some more when theirs return: then few connections try an agent
 * that is in trouble. Thread-safe.
 */
final class Followers implements AutoCloseable {
  static final int ALONE = 32;

  private static final Duration SPACING = Duration.ofMillis(20);

  private final Agent agent;
  private final Duration patience;
  private final Allowance alone;
  private final Map<Place, Crowd> crowds = new ConcurrentHashMap<>();
  private final Set<Feed> feeds = ConcurrentHashMap.newKeySet();
  private final AtomicInteger running = new AtomicInteger();
  private volatile boolean closed;

  Followers(Agent agent, Duration patience) {
    this.agent = agent;
    this.alone = agent.waitsAlone();
    this.patience = patience;
  }

  /**
   * Begins to follow.
   *
   * @param fromIndex the index of what the follower has seen of its place; zero if it has seen
   *     nothing
   */
  void follow(Follower follower, long fromIndex) {
    if (alone.take()) {
      Lonely lonely = new Lonely(follower);
      Feed feed =
          new Feed(agent, follower.place(), fromIndex, Duration.ZERO, Duration.ZERO, lonely);
      if (!start(feed, lonely::over)) {
        follower.fail(isClosed());
      }
    } else {
      join(follower);
    }
  }

  private void join(Follower follower) {
    Crowd crowd = crowds.computeIfAbsent(follower.crowd(), place -> new Crowd(agent, place));
    if (crowd.join(follower)) {
      Feed feed = new Feed(agent, follower.crowd(), 0, patience, SPACING, crowd);
      if (!start(feed, () -> {})) {
        crowd.fail(isClosed());
      }
    }
  }

  private boolean start(Feed feed, Runnable atEnd) {
    feeds.add(feed);
    running.incrementAndGet();
    Runnable ended =
        () -> {
          feeds.remove(feed);
          atEnd.run();
          if (running.decrementAndGet() == 0) {
            agent.closeIdleWaits();
          }
        };
    try {
      if (!closed) {
        agent.runWaiting(
            () -> {
              try {
                feed.run();
              } finally {
                ended.run();
              }
            });
        return true;
      }
    } catch (StoreException e) {
      // Closed a moment ago: as if it had been closed before.
      closed = true;
    }
    ended.run();
    return false;
  }

  private static StoreException isClosed() {
    return new StoreException(Outcome.REFUSED, "this Consul backend is closed");
  }

  /** Counts the queries that are under way. */
  int running() {
    return running.get();
  }

  @Override
  public void close() {
    closed = true;
    feeds.forEach(Feed::stop);
  }

  /** One that has a query of its own, as long as that works. */
  private final class Lonely implements Feed.Reader {
    private final Follower follower;
    private boolean counted = true;

    Lonely(Follower follower) {
      this.follower = follower;
    }

    @Override
    public boolean see(Snapshot now) {
      if (follower.isOver() || !follower.see(now)) {
        return false;
      }
      if (alone.giveBackIfExceeded()) {
        counted = false;
        join(follower);
        return false;
      }
      return true;
    }

    void over() {
      if (counted) {
        alone.giveBack();
      }
    }

    @Override
    public void fail(StoreException e) {
      if (follower.isOver()) {
        return;
      }
      if (e.outcome() == Outcome.REFUSED) {
        follower.fail(e);
      } else {
        join(follower);
      }
    }
  }
}

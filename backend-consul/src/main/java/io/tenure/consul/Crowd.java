package io.tenure.consul;

import io.tenure.spi.StoreException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Followers who share one query.
 *
 * <p>What the query shows only tells whose place may have changed; that place is then read, and so
 * it is when a follower joins. A list of keys leaves out what the token may not read, so a name
 * that is missing there proves nothing. Thread-safe.
 */
final class Crowd implements Feed.Reader {
  private final Agent agent;
  private final String what;
  private final ReentrantLock lock = new ReentrantLock();
  private final Set<Member> members = new HashSet<>();
  private boolean running;

  Crowd(Agent agent, Place place) {
    this.agent = agent;
    this.what = "watch " + place.path();
  }

  /**
   * Takes a follower in.
   *
   * @return true if the query has to be started
   */
  boolean join(Follower follower) {
    Member member = new Member(follower);
    boolean start;
    lock.lock();
    try {
      members.add(member);
      start = !running;
      running = true;
    } finally {
      lock.unlock();
    }
    member.look();
    return start;
  }

  @Override
  public boolean see(Snapshot now) {
    for (Member member : members()) {
      if (member.follower.isOver()) {
        leave(member);
      } else if (member.follower.isConcerned(now)) {
        member.look();
      }
    }
    lock.lock();
    try {
      running = !members.isEmpty();
      return running;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void fail(StoreException e) {
    List<Member> all;
    lock.lock();
    try {
      running = false;
      all = List.copyOf(members);
      members.clear();
    } finally {
      lock.unlock();
    }
    all.forEach(member -> member.fail(e));
  }

  private List<Member> members() {
    lock.lock();
    try {
      return List.copyOf(members);
    } finally {
      lock.unlock();
    }
  }

  private void leave(Member member) {
    lock.lock();
    try {
      members.remove(member);
    } finally {
      lock.unlock();
    }
  }

  /** A follower whose place is read, once for however many reasons came meanwhile. */
  private final class Member {
    private final Follower follower;
    private final AtomicInteger reasons = new AtomicInteger();

    Member(Follower follower) {
      this.follower = follower;
    }

    void look() {
      if (reasons.getAndIncrement() == 0) {
        read();
      }
    }

    private void read() {
      int answered = reasons.get();
      agent
          .read(what, follower.place())
          .thenApply(now -> !follower.isOver() && follower.see(now))
          .whenComplete(
              (isOn, error) -> {
                if (error != null) {
                  fail(Codes.lost(Codes.Request.READ, what, error));
                }
                if (error != null || !isOn) {
                  leave(this);
                } else if (reasons.addAndGet(-answered) > 0) {
                  read();
                }
              });
    }

    void fail(StoreException e) {
      if (!follower.isOver()) {
        follower.fail(e);
      }
    }
  }
}

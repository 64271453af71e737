package io.tenure.zookeeper;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.function.LongSupplier;

/**
 * Knows until when the leader certainly keeps a session, from what was asked and answered.
 *
 * <p>Thread-safe.
 */
final class TouchLedger {
  /*
   * Why an answered request does not prove the whole timeout.
   *
   * The leader alone expires sessions, and it does not see our requests as signs of life. The
   * server that we are connected to, a follower mostly, notes each request as a "touch" and hands
   * all its touches over when the leader pings it, every half tick. A follower that was cut off
   * after its last ping goes on answering us while the leader's clock runs from a touch that it
   * heard earlier.
   *
   * A sync is the cheapest request that goes to the leader and back, without a quorum write. Three
   * of them, j, m and k, prove one touch:
   *
   *   j  was answered at a(j): the follower noted a touch no earlier than t(j), when we sent j.
   *   m  was sent a ping period or more after a(j). Both went through the leader, so the leader
   *      sent a ping in between, and on the same connection in front of the answer to m: when we
   *      had that answer, at a(m), the follower had handed over its touches, j's among them.
   *   k  was sent after a(m), so it reached the leader behind those touches. Its answer proves that
   *      the leader heard of the touch, and kept the session alive until then.
   *
   * So k proves that the leader keeps the session until t(j) + timeout. This needs two things only:
   * that the connection between two servers keeps its order, and that the leader pings in time.
   * Nothing is assumed of how long messages take, and a pause of ours makes k late and the proof
   * correspondingly short. Reconnecting asks the leader itself, a touch later than all before.
   *
   * What stays: a leader that has been replaced and does not know it yet, or one that is reached
   * through an observer of an observer master, one more hop away, can vouch for a session for some
   * moments too many. The fencing token is there for that.
   */
  private static final int LIMIT = 64;

  private final long timeoutNanos;
  private final long pingNanos;
  private final LongSupplier clock;
  private final Deque<Touch> noted = new ArrayDeque<>();
  private final Deque<Touch> handedOver = new ArrayDeque<>();
  private boolean proved;
  private long provedAt;

  /** A touch, and the moment from which a further request can carry its proof on. */
  private record Touch(long at, long since) {}

  /**
   * Begins a ledger without any proof.
   *
   * @param timeoutNanos the session's timeout
   * @param pingNanos within which the leader is sure to ping each server
   * @param clock the monotonic clock
   */
  TouchLedger(long timeoutNanos, long pingNanos, LongSupplier clock) {
    this.timeoutNanos = timeoutNanos;
    this.pingNanos = pingNanos;
    this.clock = clock;
  }

  /** Takes note that the leader itself heard of the session at this moment or later. */
  synchronized void witnessed(long at) {
    prove(at);
  }

  /** Takes note that a sync that was sent at this moment has just been answered. */
  synchronized void answered(long sentAt) {
    long now = clock.getAsLong();
    while (!handedOver.isEmpty() && sentAt - handedOver.peek().since() >= 0) {
      prove(handedOver.remove().at());
    }
    for (Iterator<Touch> it = noted.iterator(); it.hasNext(); ) {
      Touch touch = it.next();
      if (sentAt - touch.since() >= pingNanos) {
        it.remove();
        add(handedOver, new Touch(touch.at(), now));
      }
    }
    add(noted, new Touch(sentAt, now));
  }

  /**
   * Returns for how long after a moment the session is guaranteed.
   *
   * @param from the moment, not later than now
   * @return from zero, if nothing is known, to the session's timeout
   */
  synchronized long validityNanos(long from) {
    if (!proved) {
      return 0;
    }
    long ageNanos = Math.max(0, from - provedAt);
    return Math.max(0, timeoutNanos - ageNanos);
  }

  private void prove(long at) {
    if (!proved || at - provedAt > 0) {
      proved = true;
      provedAt = at;
    }
  }

  /** Leaves the newest out when there are too many: the oldest are the next to prove something. */
  private static void add(Deque<Touch> touches, Touch touch) {
    if (touches.size() < LIMIT) {
      touches.add(touch);
    }
  }
}

package io.tenure.consul;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * How many may have a query of their own, each of which takes a connection for as long as nothing
 * happens.
 *
 * <p>An agent limits the connections of an address, does not tell the limit, and counts those of
 * other processes too. So trouble of any kind halves the number of what there is at the time, and
 * each minute after that allows one more. Thread-safe.
 */
final class Allowance {
  private static final long INCIDENT_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final int most;
  private final LongSupplier clock;
  private final ReentrantLock lock = new ReentrantLock();
  private int used;
  private int limit;
  private long limitedAtNanos;

  Allowance(int most, LongSupplier clock) {
    this.most = most;
    this.clock = clock;
    this.limit = most;
  }

  /** Takes one, if there is one; it is to be given back. */
  boolean take() {
    lock.lock();
    try {
      boolean free = used < limit();
      used += free ? 1 : 0;
      return free;
    } finally {
      lock.unlock();
    }
  }

  void giveBack() {
    lock.lock();
    try {
      used--;
    } finally {
      lock.unlock();
    }
  }

  /** Gives one back that was taken, if more are taken than are allowed by now. */
  boolean giveBackIfExceeded() {
    lock.lock();
    try {
      boolean exceeded = used > limit();
      used -= exceeded ? 1 : 0;
      return exceeded;
    } finally {
      lock.unlock();
    }
  }

  /** Allows fewer, since a connection could not be had or broke; several at once are one reason. */
  void trouble() {
    lock.lock();
    try {
      long now = clock.getAsLong();
      if (used > 0 && (limit == most || now - limitedAtNanos >= INCIDENT_NANOS)) {
        limit = Math.min(limit(), used) / 2;
        limitedAtNanos = now;
      }
    } finally {
      lock.unlock();
    }
  }

  private int limit() {
    return limit == most
        ? most
        : (int) Math.min(most, limit + (clock.getAsLong() - limitedAtNanos) / QUIET_NANOS);
  }
}

package io.tenure.zookeeper;

import io.tenure.spi.ClientSpec;
import java.time.Duration;
import java.util.Optional;

/**
 * What a ZooKeeper session must be like for a client's leases to stand on it.
 *
 * @param spec what the client asked for
 * @param tickTime the servers' tick
 * @param lent whether the session is that of the user's own framework
 */
record SessionTerms(ClientSpec spec, Duration tickTime, boolean lent) {
  /** What servers grant at least, unless they are configured otherwise. */
  private static final int MIN_TICKS = 2;

  private static final int DRIFT_DIVISOR = 200;

  /** The shortest session that servers with this tick grant. */
  static Duration shortest(Duration tickTime) {
    return tickTime.multipliedBy(MIN_TICKS);
  }

  /**
   * Within which the leader is sure to have pinged each server: it does so every half tick, and its
   * timer may be late by half as much again.
   */
  static Duration pingPeriod(Duration tickTime) {
    return tickTime.multipliedBy(3).dividedBy(4);
  }

  /** Returns what is wrong with a session of this timeout, in a sentence. */
  Optional<String> objection(Duration timeout) {
    if (timeout.compareTo(shortest(tickTime)) < 0) {
      return Optional.of(
          String.format(
              "a session timeout is at least %d of the servers' ticks of %s, but this is %s",
              MIN_TICKS, tickTime, timeout));
    }
    if (lent && !timeout.equals(spec.ttl())) {
      return Optional.of(
          String.format(
              "the client's TTL must be its session's timeout, but the TTL is %s and the Curator"
                  + " framework's session timeout is %s",
              spec.ttl(), timeout));
    }
    if (timeout.compareTo(needed(timeout)) < 0) {
      return Optional.of(
          String.format(
              "a session timeout must hold two renewals every %s, the safety margin of %s and three"
                  + " quarters of the servers' tick of %s, but this is %s",
              spec.renewEvery(), spec.safetyMargin(), tickTime, timeout));
    }
    return Optional.empty();
  }

  /**
   * A heartbeat proves the session from one that was sent at most a ping period and a renewal
   * before it, and the proof must last until the next one is answered.
   */
  private Duration needed(Duration timeout) {
    return spec.renewEvery()
        .multipliedBy(2)
        .plus(pingPeriod(tickTime))
        .plus(spec.safetyMargin())
        .plus(timeout.dividedBy(DRIFT_DIVISOR));
  }
}

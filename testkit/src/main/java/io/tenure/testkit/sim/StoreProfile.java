package io.tenure.testkit.sim;

import io.tenure.spi.Traits;
import java.time.Duration;
import java.util.SplittableRandom;

/**
 * What the simulated store does like one of the real ones: how it rounds a time to live, when it
 * lets a session run out, what a heartbeat proves, how late a request may be applied, what its
 * revisions look like, and what a new leader does to the sessions.
 */
public enum StoreProfile {
  /** One process's memory: exact times to live, requests in order, no leader. */
  MEMORY("memory", 500, 20_000, 1.0, 100, 0, true),

  /** Times to live in whole seconds, two at least; a heartbeat after a new term proves nothing. */
  ETCD("etcd", 2_000, 20_000, 1.0, 2_000, 0, false),

  /**
   * Times to live of 2 to 20 ticks, requests in order; the leader hears late that a client lives,
   * and transaction ids jump with every leader.
   */
  ZOOKEEPER("ZooKeeper", 4_000, 40_000, 1.0, 3_000, 0, true),

  /**
   * At least 10 s, and up to twice as much; a request may be applied long after it was given up.
   */
  CONSUL("Consul", 10_000, 86_400_000, 2.0, 1_000, 10_000, false);

  private static final long TICK_MILLIS = 2_000;
  private static final Duration ZOOKEEPER_LAG = Duration.ofMillis(TICK_MILLIS);

  private final Traits traits;
  private final boolean inOrder;

  StoreProfile(
      String store,
      long minTtlMillis,
      long maxTtlMillis,
      double expiryFactor,
      long slackMillis,
      long lateApplyMillis,
      boolean inOrder) {
    this.inOrder = inOrder;
    traits =
        new Traits(
            store,
            Duration.ofMillis(minTtlMillis),
            Duration.ofMillis(maxTtlMillis),
            Duration.ofMillis(Math.max(15_000, minTtlMillis)),
            expiryFactor,
            Duration.ofMillis(slackMillis),
            Duration.ofMillis(lateApplyMillis),
            16,
            "the simulation's counter");
  }

  /**
   * Returns what the simulated backend tells of itself.
   *
   * @return the traits, with the numbers of the real store where they are known
   */
  public Traits traits() {
    return traits;
  }

  /** Requests of one client arrive in the order in which they were sent. */
  boolean inOrder() {
    return inOrder;
  }

  boolean hasLeader() {
    return this != MEMORY;
  }

  /** The time to live that the store grants to a client that asks for one. */
  long grantNanos(long askedNanos) {
    return switch (this) {
      case MEMORY, CONSUL -> askedNanos;
      case ETCD -> roundUp(askedNanos, 1_000_000_000L);
      case ZOOKEEPER -> roundUp(askedNanos, 1_000_000L);
    };
  }

  private static long roundUp(long nanos, long unit) {
    return (nanos + unit - 1) / unit * unit;
  }

  /** How long a heartbeat, or the opening, proves a session from its sending on. */
  long validityNanos(long ttlNanos) {
    return this == ZOOKEEPER ? ttlNanos - ZOOKEEPER_LAG.toNanos() / 2 : ttlNanos;
  }

  /** How long before a heartbeat's arrival the store may count it as having come. */
  long lagNanos(SplittableRandom random) {
    return this == ZOOKEEPER ? random.nextLong(ZOOKEEPER_LAG.toNanos() / 2 + 1) : 0;
  }

  /** How much longer than its time to live an abandoned session lives: nothing, half the time. */
  long lateExpiryNanos(long ttlNanos, SplittableRandom random) {
    boolean early = random.nextBoolean();
    long late = (long) (random.nextDouble() * ((traits.expiryFactor() - 1) * (double) ttlNanos));
    long slack = random.nextLong(traits.expirySlack().toNanos() / 2 + 1);
    return early ? 0 : late + slack;
  }

  /** How long a session lives after a new leader was elected. */
  long afterElectionNanos(long ttlNanos) {
    return (long) ((double) ttlNanos * traits.expiryFactor());
  }

  /** A time to live that a user of this store might ask for. */
  Duration drawTtl(SplittableRandom random) {
    long shortest = Math.max(traits.minTtl().toMillis(), 1_000);
    return Duration.ofMillis(shortest + random.nextLong(10_000));
  }
}

package io.tenure.spi;

import java.time.Duration;

/**
 * What a store can do and what it cannot, as facts that the core and its users can read.
 *
 * @param store the store's name, for messages: "ZooKeeper"
 * @param minTtl the shortest time to live that the store accepts
 * @param maxTtl the longest time to live that the store accepts
 * @param defaultTtl the time to live for a client that asks for none
 * @param expiryFactor how many times its TTL an abandoned session may live at worst (Consul: 2)
 * @param expirySlack what may come on top of that, such as a sweep interval
 * @param lateApplyWindow for how long after an unanswered request the store may still apply it;
 *     zero where a later read in the same session is definite
 * @param maxWritesAtOnce how many cells one atomic write may touch, the guard not counted
 * @param tokenSource which number of the store becomes the fencing token: "czxid"
 */
public record Traits(
    String store,
    Duration minTtl,
    Duration maxTtl,
    Duration defaultTtl,
    double expiryFactor,
    Duration expirySlack,
    Duration lateApplyWindow,
    int maxWritesAtOnce,
    String tokenSource) {

  /**
   * Returns how long an abandoned session can block its successors at worst, on a healthy store. A
   * new leader of etcd or Consul begins every session's time anew, so each one adds as much again.
   *
   * @param ttl the session's time to live
   * @return the bound
   */
  public Duration worstExpiry(Duration ttl) {
    return Duration.ofNanos((long) (ttl.toNanos() * expiryFactor)).plus(expirySlack);
  }
}

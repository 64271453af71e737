package io.tenure.testkit.sim;

import io.tenure.ClientBuilder;
import java.time.Duration;
import java.util.SplittableRandom;

/**
 * The settings that all clients of one schedule have, as a user of that store might choose them.
 *
 * @param ttl their time to live
 * @param eager true to renew more often than by default
 * @param patience the backend's own time limit as a part of the client's
 */
record ClientDraw(Duration ttl, boolean eager, double patience) {
  static ClientDraw draw(StoreProfile profile, SplittableRandom random) {
    return new ClientDraw(
        profile.drawTtl(random), random.nextInt(3) == 0, random.nextBoolean() ? 0.5 : 1.5);
  }

  void apply(ClientBuilder builder) {
    builder.leaseTtl(ttl);
    if (eager) {
      builder.renewEvery(ttl.dividedBy(12)).requestTimeout(ttl.dividedBy(6));
    }
  }
}

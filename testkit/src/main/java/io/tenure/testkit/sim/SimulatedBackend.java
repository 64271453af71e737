package io.tenure.testkit.sim;

import io.tenure.spi.Backend;
import io.tenure.spi.ClientSpec;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.Traits;

/** A kind of store, and one simulated process's way to it. */
final class SimulatedBackend implements Backend {
  private final Link link;
  private final StoreProfile profile;
  private final double patience;

  /**
   * Creates a backend.
   *
   * @param patience its own time limit as a part of the client's, from which it may differ
   */
  SimulatedBackend(Link link, StoreProfile profile, double patience) {
    this.link = link;
    this.profile = profile;
    this.patience = patience;
  }

  @Override
  public Traits traits() {
    return profile.traits();
  }

  @Override
  public StoreConnection open(ClientSpec spec) {
    link.limit((long) ((double) spec.requestTimeout().toNanos() * patience));
    link.reserve(spec.safetyMargin().toNanos());
    return new SimulatedConnection(link, profile, spec.ttl().toNanos());
  }
}

package io.tenure.consul;

import io.tenure.testkit.BackendContract;
import io.tenure.testkit.BackendFixture;
import io.tenure.testkit.server.NeedsStore;

/** Consul keeps the contract of every backend. */
@NeedsStore("consul")
class ConsulContractTest extends BackendContract {
  @Override
  protected BackendFixture newFixture() {
    return new ConsulFixture();
  }
}

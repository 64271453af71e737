package io.tenure.consul;

import io.tenure.testkit.BackendContract;
import io.tenure.testkit.BackendFixture;

/** Consul keeps the contract of every backend. */
class ConsulContractTest extends BackendContract {
  @Override
  protected BackendFixture newFixture() {
    return new ConsulFixture();
  }
}

package io.tenure.etcd;

import io.tenure.testkit.BackendContract;
import io.tenure.testkit.BackendFixture;

/** etcd keeps the contract of every backend. */
class EtcdContractTest extends BackendContract {
  @Override
  protected BackendFixture newFixture() {
    return new EtcdFixture();
  }
}

package io.tenure.etcd;

import io.tenure.testkit.BackendContract;
import io.tenure.testkit.BackendFixture;
import io.tenure.testkit.server.NeedsStore;

/** etcd keeps the contract of every backend. */
@NeedsStore("etcd")
class EtcdContractTest extends BackendContract {
  @Override
  protected BackendFixture newFixture() {
    return new EtcdFixture();
  }
}

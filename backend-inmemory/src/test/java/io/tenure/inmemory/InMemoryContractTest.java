package io.tenure.inmemory;

import io.tenure.testkit.BackendContract;
import io.tenure.testkit.BackendFixture;
import io.tenure.testkit.server.NeedsStore;

/** The store in memory keeps the contract of every backend. */
@NeedsStore("memory")
class InMemoryContractTest extends BackendContract {
  @Override
  protected BackendFixture newFixture() {
    return new InMemoryFixture();
  }
}

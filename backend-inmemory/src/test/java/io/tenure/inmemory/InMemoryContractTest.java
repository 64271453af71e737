package io.tenure.inmemory;

import io.tenure.testkit.BackendContract;
import io.tenure.testkit.BackendFixture;

/** The store in memory keeps the contract of every backend. */
class InMemoryContractTest extends BackendContract {
  @Override
  protected BackendFixture newFixture() {
    return new InMemoryFixture();
  }
}

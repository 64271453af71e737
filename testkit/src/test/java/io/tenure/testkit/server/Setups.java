package io.tenure.testkit.server;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The setups of all stores that this run is to test; asking for another ends the test. */
final class Setups {
  private Setups() {}

  static ServerSetup own(Store store) {
    assumeTrue(Stores.isSelected(store.id()), () -> store.id() + " was left out on purpose");
    return switch (store) {
      case ETCD -> Servers.etcd().own();
      case CONSUL -> Servers.consul().own();
      case ZOOKEEPER -> Servers.zookeeper().own();
    };
  }
}

package io.tenure.testkit.server;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What has to be known of a store to run it. */
interface StoreType {
  Store store();

  /** The container image to use unless the environment names another; empty if none is used. */
  Optional<String> image();

  /** Which ports a node needs. */
  Set<Port> ports(Options options);

  /** How a node of a cluster is started; the version is empty where nobody knows it beforehand. */
  Launch launch(Place self, List<Place> all, Options options, String version);

  /** Whether the node that answers here serves its clients. */
  boolean isReady(String statusAddress, Options options) throws IOException;

  /** Whether the node that answers here takes itself for the leader. */
  boolean isLeader(String statusAddress, Options options) throws IOException;

  /** The version of the node that answers here. */
  String version(String statusAddress, Options options) throws IOException;

  /** Refuses options that the store does not have. */
  void check(Options options);
}

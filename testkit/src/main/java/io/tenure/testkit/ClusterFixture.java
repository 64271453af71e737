package io.tenure.testkit;

import io.tenure.spi.Backend;
import io.tenure.testkit.server.StoreCluster;
import io.tenure.testkit.server.StoreServer;
import java.time.Duration;
import java.util.List;

/**
 * A running cluster of three members under test. The contract makes one for all its tests, and puts
 * the members right after each.
 */
public interface ClusterFixture extends AutoCloseable {
  /**
   * Returns the cluster, with three members.
   *
   * @return always the same one
   */
  StoreCluster cluster();

  /**
   * Makes a backend that connects to some of the members and to no other.
   *
   * @param members at least one; a store whose clients connect to a single one takes the first
   * @return the backend
   */
  Backend newBackend(List<StoreServer> members);

  /**
   * Returns the time to live for tests that wait until one has run out.
   *
   * @return the shortest that a busy machine keeps up with, by default 5 s
   */
  default Duration ttl() {
    return Duration.ofSeconds(5);
  }

  /**
   * Returns the time to live for tests in which a member is restarted or another leader is elected
   * before it has run out.
   *
   * @return longer than either takes on a busy machine, by default 30 s
   */
  default Duration patientTtl() {
    return Duration.ofSeconds(30);
  }

  /**
   * Returns how often a client with {@link #ttl()} renews.
   *
   * @return at most half of the time to live, by default 500 ms
   */
  default Duration renewEvery() {
    return Duration.ofMillis(500);
  }

  /**
   * Returns the safety margin of a client with {@link #ttl()}.
   *
   * @return what a busy machine may take between noticing a loss and telling of it, by default 2 s
   */
  default Duration safetyMargin() {
    return Duration.ofSeconds(2);
  }

  /** Stops the cluster. */
  @Override
  default void close() {
    cluster().close();
  }
}

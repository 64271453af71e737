package io.tenure.examples;

import io.tenure.testkit.server.ServerSetup;
import io.tenure.testkit.server.StoreCluster;
import io.tenure.testkit.server.StoreServer;
import java.util.function.Supplier;

/** One server or a cluster, in processes of their own, had by the same means as the tests' are. */
final class StartedStore implements RunningStore {
  private final Stores kind;
  private final StoreCluster cluster;

  private StartedStore(Stores kind, StoreCluster cluster) {
    this.kind = kind;
    this.cluster = cluster;
  }

  static StartedStore start(Stores kind, Supplier<ServerSetup> setup, int size) {
    try {
      return new StartedStore(kind, setup.get().startCluster(size));
    } catch (IllegalStateException e) {
      throw new DrillFailure(String.valueOf(e.getMessage()), e);
    }
  }

  /** The URI of all servers; for Consul, which takes one, that of a server that does not lead. */
  @Override
  public String uri() {
    boolean single = kind == Stores.CONSUL && cluster.nodes().size() > 1;
    return kind.uri(single ? cluster.followers().get(0).address() : cluster.addresses());
  }

  @Override
  public String description() {
    return cluster.nodes().get(0).description();
  }

  /** Starts another one like it. */
  StartedStore another() {
    return kind.start(cluster.nodes().size());
  }

  /** Returns the server that leads now. */
  StoreServer leader() {
    return cluster.leader();
  }

  @Override
  public void close() {
    cluster.close();
  }

  @Override
  public String toString() {
    return cluster.nodes().toString();
  }
}

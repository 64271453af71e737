package io.tenure.testkit.server;

/**
 * Where real store servers come from. Each method returns a setup with which one node or a cluster
 * is started:
 *
 * <pre>{@code
 * try (StoreCluster etcd = Servers.etcd().startCluster(3)) {
 *   StoreServer leader = etcd.leader();
 *   leader.pause();
 *   ...
 * }
 * }</pre>
 *
 * <p>A server is had in this order: where the environment variable {@code TENURE_ETCD}, {@code
 * TENURE_CONSUL} or {@code TENURE_ZOOKEEPER} says that one runs; in a container, where
 * Testcontainers is on the class path and an engine answers; from a program on the {@code PATH};
 * from Debian's package, unpacked into a cache without being installed. ZooKeeper runs from the
 * class path of this JVM instead of the last three. A store that cannot be had fails with a
 * sentence that says what to do; nothing is skipped.
 *
 * <p>Whatever was started here listens on the loopback interface only and ends with its {@code
 * close()}, at the latest with this JVM.
 */
public final class Servers {
  private Servers() {}

  /**
   * Begins to set up etcd.
   *
   * @return the defaults: plain text, no authentication, every write synced to disk
   */
  public static ServerSetup etcd() {
    return new ServerSetup(new EtcdType());
  }

  /**
   * Begins to set up Consul server agents.
   *
   * @return the defaults: plain text, no ACLs, {@code raft_multiplier} 1
   */
  public static ServerSetup consul() {
    return new ServerSetup(new ConsulType());
  }

  /**
   * Begins to set up ZooKeeper servers, each in a process of its own.
   *
   * @return the defaults: plain text, no authentication, a tick of two seconds
   */
  public static ServerSetup zookeeper() {
    return new ServerSetup(new ZooKeeperType());
  }
}

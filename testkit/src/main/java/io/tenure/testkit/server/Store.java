package io.tenure.testkit.server;

import java.util.Locale;

/** The stores that run as servers of their own. */
public enum Store {
  /** etcd, version 3. */
  ETCD("etcd"),
  /** Consul. */
  CONSUL("Consul"),
  /** ZooKeeper. */
  ZOOKEEPER("ZooKeeper");

  private final String title;

  Store(String title) {
    this.title = title;
  }

  /**
   * Returns the store's name as its makers write it.
   *
   * @return for example "Consul"
   */
  public String title() {
    return title;
  }

  /**
   * Returns the store's name in lower case, as in {@code -Dstores} and in file names.
   *
   * @return for example "consul"
   */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the environment variable that names servers to use instead of starting any.
   *
   * @return for example "TENURE_CONSUL"
   */
  public String variable() {
    return "TENURE_" + name();
  }
}

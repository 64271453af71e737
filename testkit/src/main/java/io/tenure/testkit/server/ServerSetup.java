package io.tenure.testkit.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the nodes of one store are to be like; {@link #start()} and {@link #startCluster(int)} make
 * them so. From {@link Servers}. Not safe for use by several threads.
 */
public final class ServerSetup {
  private final StoreType type;
  private final List<String> arguments = new ArrayList<>();
  private final List<String> configuration = new ArrayList<>();
  private @Nullable TlsFiles tls;
  private @Nullable String token;
  private Duration tick = Duration.ofSeconds(2);
  private boolean fsync = true;
  private boolean severable;
  private boolean own;
  private boolean processes;

  ServerSetup(StoreType type) {
    this.type = type;
  }

  /**
   * Adds to the command line of every node: flags of etcd, of the Consul agent, or of the JVM that
   * runs ZooKeeper.
   *
   * @param more each one word, as {@code --election-timeout=500}; of two that contradict each other
   *     the store takes the last
   * @return this setup
   */
  public ServerSetup arguments(String... more) {
    arguments.addAll(List.of(more));
    return this;
  }

  /**
   * Adds to the configuration of every node: JSON or HCL for Consul, lines of {@code zoo.cfg} for
   * ZooKeeper. etcd takes arguments only.
   *
   * @param text read after what the setup itself configures
   * @return this setup
   */
  public ServerSetup configuration(String text) {
    configuration.add(Objects.requireNonNull(text, "text"));
    return this;
  }

  /**
   * Has clients connect with TLS, at {@link StoreServer#address()}.
   *
   * @param files what the servers and we need for it
   * @return this setup
   */
  public ServerSetup tls(TlsFiles files) {
    tls = Objects.requireNonNull(files, "files");
    return this;
  }

  /**
   * Turns Consul's ACLs on: denied is what no token allows.
   *
   * @param managementToken a UUID; whoever presents it may do everything
   * @return this setup
   */
  public ServerSetup acl(String managementToken) {
    token = Objects.requireNonNull(managementToken, "managementToken");
    return this;
  }

  /**
   * Sets the unit of ZooKeeper's clock; sessions live from two to twenty of it.
   *
   * @param length two seconds by default
   * @return this setup
   * @throws IllegalArgumentException if it is shorter than a millisecond
   */
  public ServerSetup tick(Duration length) {
    if (length.toMillis() < 1) {
      throw new IllegalArgumentException("tick must be at least a millisecond, but is " + length);
    }
    tick = length;
    return this;
  }

  /**
   * Lets etcd or ZooKeeper acknowledge writes that are not on disk yet. They outlive a killed
   * process, but not a machine that loses power: for tests only, and never for figures.
   *
   * @return this setup
   */
  public ServerSetup unsafeNoFsync() {
    fsync = false;
    return this;
  }

  /**
   * Runs every node as a process of this machine, even where containers or servers of somebody else
   * could be had: for a test that handles a server's files.
   *
   * @return this setup
   */
  public ServerSetup processes() {
    processes = true;
    return this;
  }

  /**
   * Lays cables between ZooKeeper's servers, through which each follows its leader, so that {@link
   * StoreServer#isolate()} can cut a follower off. The other stores' members have to know each
   * other by one address.
   *
   * @return this setup
   */
  public ServerSetup severable() {
    severable = true;
    return this;
  }

  StoreType type() {
    return type;
  }

  /** Starts servers of our own, whatever the environment names: for the tests of this package. */
  ServerSetup own() {
    own = true;
    return this;
  }

  /**
   * Starts one node and waits until it serves.
   *
   * @return the node, to be closed
   * @throws IllegalArgumentException if the store does not have what was set up
   * @throws IllegalStateException if the store cannot be had or did not start; the message says why
   */
  public StoreServer start() {
    return startCluster(1).nodes().get(0);
  }

  /**
   * Starts a cluster and waits until every node serves.
   *
   * @param size how many nodes
   * @return the cluster, to be closed
   * @throws IllegalArgumentException if the size is not positive, or the store does not have what
   *     was set up
   * @throws IllegalStateException if the store cannot be had or did not start; the message says why
   */
  public StoreCluster startCluster(int size) {
    if (size < 1) {
      throw new IllegalArgumentException("a cluster has at least one node, but asked for " + size);
    }
    Options options =
        new Options(
            List.copyOf(arguments),
            List.copyOf(configuration),
            Optional.ofNullable(tls),
            Optional.ofNullable(token),
            tick,
            fsync,
            severable);
    type.check(options);
    Starting starting = new Starting(type, options, size, Ports::free);
    if (processes) {
      return starting.processes();
    }
    return own ? starting.own() : starting.start();
  }
}

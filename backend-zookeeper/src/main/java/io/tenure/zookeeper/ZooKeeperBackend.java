package io.tenure.zookeeper;

import static java.util.Objects.requireNonNull;

import io.tenure.spi.Backend;
import io.tenure.spi.ClientSpec;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.Traits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.curator.framework.AuthInfo;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.api.ACLProvider;
import org.apache.curator.framework.imps.CuratorFrameworkState;
import org.apache.zookeeper.client.ConnectStringParser;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.common.PathUtils;
import org.apache.zookeeper.data.ACL;

/**
 * A backend that keeps everything in Apache ZooKeeper.
 *
 * <p>A lock is a container node, and each contender an ephemeral, sequential node in it; the
 * fencing token is that node's {@code czxid}. The time to live is ZooKeeper's session timeout: the
 * server grants 2 to 20 of its ticks unless it is configured otherwise, and the granted one counts.
 *
 * <p>By default the nodes are open to everyone who can reach ZooKeeper, as with Curator. In
 * production set an ACL, the same credentials for all contenders of a name, and TLS.
 *
 * <p>{@linkplain Builder#tickTime The tick time} must fit the servers: it goes into the proof that
 * a session lives, and one that is set too short makes leases that may outlive their session. The
 * servers must be of version 3.5.3 or later, for container nodes.
 *
 * <p>One session, and so one client, has some thousand entries at most: the paths of its nodes may
 * have 512 KiB altogether. One queue has some ten thousand at most, since their names must fit into
 * one answer, {@code jute.maxbuffer}.
 *
 * <p>Each client that is made from a backend has a connection and a ZooKeeper session of its own,
 * or all are on those of the user's framework.
 */
public final class ZooKeeperBackend implements Backend {
  private static final Duration LONGEST_TTL = Duration.ofHours(1);
  private static final Duration USUAL_TTL = Duration.ofSeconds(15);
  private static final int MAX_WRITES = 64;

  private final Function<ClientSpec, FrameworkSource> source;
  private final Optional<CuratorFramework> lent;
  private final String root;
  private final Duration tickTime;

  private ZooKeeperBackend(
      Function<ClientSpec, FrameworkSource> source,
      Optional<CuratorFramework> lent,
      String root,
      Duration tickTime) {
    this.source = source;
    this.lent = lent;
    this.root = root;
    this.tickTime = tickTime;
  }

  /**
   * Creates a backend with a connection of its own and default settings.
   *
   * @param connectString the servers as ZooKeeper's client takes them, {@code host:port,host:port},
   *     with an existing chroot at the end if one is wanted
   * @return the backend
   * @throws IllegalArgumentException if the connect string is malformed
   */
  public static ZooKeeperBackend connect(String connectString) {
    return builder(connectString).build();
  }

  /**
   * Begins a backend with a connection of its own.
   *
   * @param connectString as for {@link #connect}
   * @return the builder
   * @throws IllegalArgumentException if the connect string is malformed
   */
  public static Builder builder(String connectString) {
    return new Builder(connectString);
  }

  /**
   * Creates a backend on the user's own framework with default settings. See {@link
   * #builder(CuratorFramework)}.
   *
   * @param framework a started framework
   * @return the backend
   * @throws IllegalArgumentException if the framework is not started
   */
  public static ZooKeeperBackend using(CuratorFramework framework) {
    return builder(framework).build();
  }

  /**
   * Begins a backend on the user's own framework, which stays the user's: this backend never closes
   * it, shares its ZooKeeper session, and respects its namespace, ACLs and authentication.
   *
   * <p>The client's time to live must be the framework's session timeout, which it also is by
   * default once the framework is connected. Opening a session takes a tick longer than with a
   * connection of one's own: the ZooKeeper session is older, and has to be proved first.
   *
   * @param framework a started framework
   * @return the builder
   * @throws IllegalArgumentException if the framework is not started
   */
  public static Builder builder(CuratorFramework framework) {
    return new Builder(framework);
  }

  @Override
  public Traits traits() {
    Duration minTtl = SessionTerms.shortest(tickTime);
    Duration usual = lentTimeout().orElse(USUAL_TTL);
    return new Traits(
        "ZooKeeper",
        minTtl,
        LONGEST_TTL,
        usual.compareTo(minTtl) < 0 ? minTtl : usual,
        1.0,
        tickTime.plusSeconds(1),
        Duration.ZERO,
        MAX_WRITES,
        "czxid");
  }

  /** The session timeout of the user's framework, once it has been connected. */
  private Optional<Duration> lentTimeout() {
    return lent.map(curator -> curator.getZookeeperClient().getLastNegotiatedSessionTimeoutMs())
        .filter(millis -> millis > 0)
        .map(Duration::ofMillis);
  }

  @Override
  public StoreConnection open(ClientSpec spec) {
    SessionTerms terms = new SessionTerms(spec, tickTime, lent.isPresent());
    Optional<String> objection = terms.objection(lentTimeout().orElse(spec.ttl()));
    if (objection.isPresent()) {
      throw new IllegalArgumentException(objection.get());
    }
    if (spec.ttl().compareTo(LONGEST_TTL) > 0) {
      throw new IllegalArgumentException(
          "a TTL is at most " + LONGEST_TTL + ", but this is " + spec.ttl());
    }
    Connection connection = new Connection(source.apply(spec), spec.requestTimeout());
    Paths paths = new Paths(lent.map(CuratorFramework::getNamespace).orElse(""), root);
    return new Store(terms, connection, paths, System::nanoTime);
  }

  @Override
  public String toString() {
    return "ZooKeeperBackend[" + root + "]";
  }

  /** Settings of a {@link ZooKeeperBackend}. */
  public static final class Builder {
    private final Optional<CuratorFramework> lent;
    private Consumer<CuratorFrameworkFactory.Builder> own = settings -> {};
    private String root = "/tenure";
    private Duration tickTime = Duration.ofSeconds(3);
    private final List<AuthInfo> credentials = new ArrayList<>();

    private Builder(String connectString) {
      checkConnectString(connectString);
      this.lent = Optional.empty();
      // The servers' own list may have addresses that only they can reach.
      own = settings -> settings.connectString(connectString).ensembleTracker(false);
    }

    private Builder(CuratorFramework framework) {
      if (framework.getState() != CuratorFrameworkState.STARTED) {
        throw new IllegalArgumentException(
            "the Curator framework must be STARTED, but it is " + framework.getState());
      }
      this.lent = Optional.of(framework);
    }

    private static void checkConnectString(String connectString) {
      try {
        if (!new ConnectStringParser(connectString).getServerAddresses().isEmpty()) {
          return;
        }
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "a connect string is host:port,host:port/chroot, but this is '" + connectString + "'",
            e);
      }
      throw new IllegalArgumentException("the connect string names no server");
    }

    /**
     * Sets the node under which everything is kept, {@code /tenure} by default. It is created if it
     * does not exist, inside the chroot and the framework's namespace if there are any.
     *
     * @param path an absolute path
     * @return this builder
     * @throws IllegalArgumentException if the path is not absolute, or not allowed in ZooKeeper
     */
    public Builder root(String path) {
      PathUtils.validatePath(path);
      this.root = path;
      return this;
    }

    /**
     * Sets the tick of the servers, {@code tickTime} in their configuration. The servers do not
     * tell it. One that is longer than theirs only makes leases shorter after a pause, a shorter
     * one is unsafe. The default of 3 s is what servers without the setting use; ZooKeeper's sample
     * configuration has 2 s.
     *
     * @param tick the longest tick of all servers
     * @return this builder
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder tickTime(Duration tick) {
      if (tick.isNegative() || tick.isZero()) {
        throw new IllegalArgumentException("a tick is longer than zero, but this is " + tick);
      }
      this.tickTime = tick;
      return this;
    }

    /**
     * Adds credentials. May be called several times.
     *
     * @param scheme the authentication scheme, such as {@code digest}
     * @param auth the credentials, such as {@code user:password} in UTF-8
     * @return this builder
     * @throws IllegalStateException if the framework is the user's
     */
    public Builder authorization(String scheme, byte[] auth) {
      credentials.add(new AuthInfo(scheme, auth.clone()));
      List<AuthInfo> all = List.copyOf(credentials);
      return own("authorization", settings -> settings.authorization(all));
    }

    /**
     * Sets the access rights of every node.
     *
     * @param acl the rights
     * @return this builder
     * @throws IllegalStateException if the framework is the user's
     * @throws IllegalArgumentException if there are none, since nobody could use the node then
     */
    public Builder acl(List<ACL> acl) {
      if (acl.isEmpty()) {
        throw new IllegalArgumentException("an ACL has at least one entry, but this has none");
      }
      List<ACL> copy = List.copyOf(acl);
      return aclProvider(
          new ACLProvider() {
            @Override
            public List<ACL> getDefaultAcl() {
              return copy;
            }

            @Override
            public List<ACL> getAclForPath(String path) {
              return copy;
            }
          });
    }

    /**
     * Sets where the access rights of each node come from.
     *
     * @param provider asked before each creation of a node, with its full path; must not block
     * @return this builder
     * @throws IllegalStateException if the framework is the user's
     */
    public Builder aclProvider(ACLProvider provider) {
      requireNonNull(provider, "provider");
      return own("the ACL provider", settings -> settings.aclProvider(provider));
    }

    /**
     * Sets the configuration of ZooKeeper's client: TLS, SASL, and whatever else it knows. For TLS
     * it needs {@code zookeeper.client.secure=true}, the stores of keys and of trusted
     * certificates, and {@code
     * zookeeper.clientCnxnSocket=org.apache.zookeeper.ClientCnxnSocketNetty}.
     *
     * @param config the configuration
     * @return this builder
     * @throws IllegalStateException if the framework is the user's
     */
    public Builder clientConfig(ZKClientConfig config) {
      requireNonNull(config, "config");
      return own("the client configuration", settings -> settings.zkClientConfig(config));
    }

    private Builder own(String what, Consumer<CuratorFrameworkFactory.Builder> setting) {
      if (lent.isPresent()) {
        throw new IllegalStateException(
            what + " is set on the Curator framework, since that is yours");
      }
      own = own.andThen(setting);
      return this;
    }

    /**
     * Creates the backend. Does no I/O.
     *
     * @return the backend
     */
    public ZooKeeperBackend build() {
      Consumer<CuratorFrameworkFactory.Builder> settings = own;
      Function<ClientSpec, FrameworkSource> source =
          lent.<Function<ClientSpec, FrameworkSource>>map(
                  curator -> spec -> new FrameworkSource.Lent(curator))
              .orElse(spec -> new OwnFramework(settings, spec.ttl(), System::nanoTime));
      return new ZooKeeperBackend(source, lent, root, tickTime);
    }
  }
}

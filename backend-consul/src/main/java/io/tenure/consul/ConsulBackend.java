package io.tenure.consul;

import static java.util.Objects.requireNonNull;

import io.tenure.spi.Backend;
import io.tenure.spi.ClientSpec;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.Traits;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.apache.http.impl.client.HttpClientBuilder;

/**
 * A backend that keeps everything in Consul's key-value store.
 *
 * <p>Each contender is a key that a Consul session holds; the fencing token is that key's {@code
 * CreateIndex}. Consul keeps an abandoned session for twice its time to live, and the shortest time
 * to live is 10 s unless the servers are configured otherwise: after a crash the next one has to
 * wait for up to 20 s and a little.
 *
 * <p><b>An agent that leaves takes its sessions with it.</b> A session belongs to the node of the
 * agent that it was opened through, and is destroyed at once, not after its time to live, when that
 * node leaves the cluster. Client agents do so when they are stopped, unless {@code
 * leave_on_terminate} is false. Until its next renewal the holder does not know. Set it to false,
 * use servers' addresses, or {@linkplain Builder#sessionNode another node}.
 *
 * <p>Each client's HTTP connections are its own, three pools of them: a {@code ConsulClient} of the
 * user's cannot be used, since a renewal would have to wait behind whatever else it does, with time
 * limits longer than a lease.
 *
 * <p>Each client takes up to 32 connections for waiting, one more for each directory of queues when
 * these are not enough, and up to 18 for requests; an agent allows 200 for all clients of one
 * address together. Where it gets fewer, it waits with fewer.
 *
 * <p>When Consul's index goes back, as after the restore of a snapshot, the session ends: its
 * tokens would be worth nothing any more.
 */
public final class ConsulBackend implements Backend {
  private static final Duration LONGEST_TTL = Duration.ofHours(24);
  private static final Duration USUAL_TTL = Duration.ofSeconds(15);

  /** A transaction has 64 operations: one for the guard, and up to two for a cell. */
  private static final int MAX_WRITES = 31;

  private final Settings settings;

  private ConsulBackend(Settings settings) {
    this.settings = settings;
  }

  /**
   * Creates a backend with default settings, for an agent that demands no token.
   *
   * @param address the agent's, {@code http://host:port} or {@code https://host:port}; the port is
   *     8500 or 8501 if it is left out
   * @return the backend
   * @throws IllegalArgumentException if the address is malformed
   */
  public static ConsulBackend connect(String address) {
    return builder(address).build();
  }

  /**
   * Begins a backend.
   *
   * @param address as for {@link #connect}
   * @return the builder
   * @throws IllegalArgumentException if the address is malformed
   */
  public static Builder builder(String address) {
    return new Builder(AgentAddress.parse(address));
  }

  @Override
  public Traits traits() {
    Duration shortest = settings.shortestTtl();
    return new Traits(
        "Consul",
        shortest,
        LONGEST_TTL,
        USUAL_TTL.compareTo(shortest) < 0 ? shortest : USUAL_TTL,
        2.0,
        Duration.ofSeconds(1),
        Duration.ZERO,
        MAX_WRITES,
        "CreateIndex");
  }

  @Override
  public StoreConnection open(ClientSpec spec) {
    Duration ttl = spec.ttl();
    if (ttl.compareTo(settings.shortestTtl()) < 0 || ttl.compareTo(LONGEST_TTL) > 0) {
      throw new IllegalArgumentException(
          "a TTL on Consul is "
              + settings.shortestTtl()
              + " to "
              + LONGEST_TTL
              + ", but this is "
              + ttl);
    }
    return new Store(settings, spec);
  }

  @Override
  public String toString() {
    return "ConsulBackend[" + settings + "]";
  }

  /** Settings of a {@link ConsulBackend}. */
  public static final class Builder {
    private final URI address;
    private String root = "tenure";
    private Supplier<String> token = () -> "";
    private Optional<SSLContext> tls = Optional.empty();
    private Optional<String> datacenter = Optional.empty();
    private Optional<String> namespace = Optional.empty();
    private Optional<String> sessionNode = Optional.empty();
    private Consumer<HttpClientBuilder> http = builder -> {};
    private Duration shortestTtl = Duration.ofSeconds(10);
    private Duration longestWait = Duration.ofSeconds(15);

    private Builder(URI address) {
      this.address = address;
    }

    /**
     * Sets the prefix of all keys, {@code tenure} by default.
     *
     * @param path one or more segments of {@code A-Z a-z 0-9 _ -}, joined by slashes
     * @return this builder
     * @throws IllegalArgumentException if the path is something else
     */
    public Builder root(String path) {
      if (!Keys.isRoot(path)) {
        throw new IllegalArgumentException(
            "a root is segments of A-Z a-z 0-9 _ - joined by '/', but this is '" + path + "'");
      }
      this.root = path;
      return this;
    }

    /**
     * Sets the ACL token, none by default.
     *
     * @param secret the token's secret id
     * @return this builder
     */
    public Builder token(String secret) {
      requireNonNull(secret, "secret");
      return token(() -> secret);
    }

    /**
     * Sets where the ACL token comes from. It is sent as a header, never in a URL, and not logged.
     *
     * @param source asked before each request, on threads of the backend; returns an empty text for
     *     no token, and must answer at once, since renewals wait for it
     * @return this builder
     */
    public Builder token(Supplier<String> source) {
      this.token = requireNonNull(source, "source");
      return this;
    }

    /**
     * Sets whom to trust and what to show, for an {@code https} address; the JVM's own trust store
     * and nothing by default. Host names are verified in any case.
     *
     * @param context the context
     * @return this builder
     * @throws IllegalStateException if the address is not {@code https}
     */
    public Builder tls(SSLContext context) {
      requireNonNull(context, "context");
      if (!address.getScheme().equals("https")) {
        throw new IllegalStateException(
            "TLS is for an https address, but this is " + address.getScheme());
      }
      this.tls = Optional.of(context);
      return this;
    }

    /**
     * Sets the datacenter, the agent's own by default. In another one sessions need {@linkplain
     * #sessionNode a node} of that one.
     *
     * @param name the datacenter's name
     * @return this builder
     */
    public Builder datacenter(String name) {
      this.datacenter = Optional.of(requireNonNull(name, "name"));
      return this;
    }

    /**
     * Sets the namespace of Consul Enterprise, which is sent as a header. Consul without it refuses
     * such requests.
     *
     * @param name the namespace's name
     * @return this builder
     */
    public Builder namespace(String name) {
      this.namespace = Optional.of(requireNonNull(name, "name"));
      return this;
    }

    /**
     * Sets the node that sessions belong to, the agent's own by default. They end when that node
     * leaves the cluster or is deregistered.
     *
     * @param name a registered node's name; it need not run an agent
     * @return this builder
     */
    public Builder sessionNode(String name) {
      this.sessionNode = Optional.of(requireNonNull(name, "name"));
      return this;
    }

    /**
     * Sets the servers' {@code session_ttl_min}, 10 s by default, which is the shortest time to
     * live that they accept. It must be what the servers have: they refuse a shorter one.
     *
     * @param shortest what the servers are configured to
     * @return this builder
     * @throws IllegalArgumentException if it is not 1 ms to 24 h
     */
    public Builder sessionTtlMin(Duration shortest) {
      if (shortest.compareTo(Duration.ofMillis(1)) < 0 || shortest.compareTo(LONGEST_TTL) > 0) {
        throw new IllegalArgumentException(
            "session_ttl_min is 1 ms to " + LONGEST_TTL + ", but this is " + shortest);
      }
      this.shortestTtl = shortest;
      return this;
    }

    /**
     * Changes the HTTP clients: a proxy, say, or interceptors. Pools, time limits, retries,
     * redirects and cookies stay the backend's. An interceptor sees the token.
     *
     * @param change called for each of the three clients
     * @return this builder
     */
    public Builder http(Consumer<HttpClientBuilder> change) {
      this.http = requireNonNull(change, "change");
      return this;
    }

    /** Sets for how long the servers hold a query back that has nothing new to tell. */
    Builder longestWait(Duration longest) {
      this.longestWait = longest;
      return this;
    }

    /**
     * Creates the backend. Does no I/O.
     *
     * @return the backend
     */
    public ConsulBackend build() {
      return new ConsulBackend(
          new Settings(
              address,
              root,
              token,
              tls,
              datacenter,
              namespace,
              sessionNode,
              http,
              shortestTtl,
              longestWait));
    }
  }
}

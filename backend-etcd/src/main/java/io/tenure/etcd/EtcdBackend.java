package io.tenure.etcd;

import static java.util.Objects.requireNonNull;

import io.etcd.jetcd.Client;
import io.etcd.jetcd.ClientBuilder;
import io.grpc.ClientInterceptor;
import io.tenure.spi.Backend;
import io.tenure.spi.ClientSpec;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.Traits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A backend that keeps everything in etcd.
 *
 * <p>A contender's place in a queue is a key bound to the lease of its client's session, in the
 * order of the keys' create revisions, and that revision is the fencing token. The time to live is
 * the lease's, in whole seconds: etcd grants at least 2 with its usual election timeout, and the
 * granted one counts.
 *
 * <p>Use servers of at least 3.5.23 or 3.6.5: older ones have faults in leases and watches, which
 * this backend works around as far as a client can. A store that is restored from a snapshot goes
 * back in time, and its revisions with it. Sessions end with {@code STORE_REGRESSED} when that is
 * noticed, and new ones are opened on what is there: raise the generation before clients come back,
 * or tokens repeat.
 *
 * <p>Each client that is made from a backend has a connection of its own, or all are on the user's
 * jetcd client.
 */
public final class EtcdBackend implements Backend {
  private static final Duration SHORTEST_TTL = Duration.ofSeconds(2);
  private static final Duration LONGEST_TTL = Duration.ofDays(1);
  private static final Traits TRAITS =
      new Traits(
          "etcd",
          SHORTEST_TTL,
          LONGEST_TTL,
          Duration.ofSeconds(15),
          1.0,
          Duration.ofSeconds(2),
          // A withdrawal is final: see Entries.
          Duration.ZERO,
          Cells.MAX_WRITES,
          "create revision");

  private final Function<ClientSpec, Connection> connect;
  private final String root;

  private EtcdBackend(Function<ClientSpec, Connection> connect, String root) {
    this.connect = connect;
    this.root = root;
  }

  /**
   * Creates a backend with a connection of its own and default settings.
   *
   * @param endpoints the servers, {@code http://host:port} or {@code https://host:port}; all of one
   *     kind
   * @return the backend
   * @throws IllegalArgumentException if there is none, or one is malformed
   */
  public static EtcdBackend connect(String... endpoints) {
    return builder(endpoints).build();
  }

  /**
   * Begins a backend with a connection of its own.
   *
   * @param endpoints as for {@link #connect}
   * @return the builder
   * @throws IllegalArgumentException if there is none, or one is malformed
   */
  public static Builder builder(String... endpoints) {
    return new Builder(new OwnClient(List.of(endpoints)));
  }

  /**
   * Creates a backend on the user's own jetcd client with default settings. See {@link
   * #builder(Client)}.
   *
   * @param client a client that was built with {@link #interceptor()}
   * @return the backend
   */
  public static EtcdBackend using(Client client) {
    return builder(client).build();
  }

  /**
   * Begins a backend on the user's own jetcd client, which stays the user's: this backend never
   * closes it, and uses its connections, its user and its namespace.
   *
   * <p>The client must have been built with {@link #interceptor()}; the first request fails if it
   * was not. jetcd sends a keep-alive twice, waits for an answer for ever and opens a connection's
   * stream for each watch; so requests go past it, on its connections, and the interceptor is what
   * finds these.
   *
   * @param client a client that was built with {@link #interceptor()}
   * @return the builder
   */
  public static Builder builder(Client client) {
    return new Builder(requireNonNull(client, "client"));
  }

  /**
   * Returns what a client needs for {@link #using}. It changes none of the client's requests, and
   * any number of clients may have it.
   *
   * <pre>{@code
   * Client jetcd = Client.builder()
   *     .endpoints("http://etcd-1:2379")
   *     .interceptor(EtcdBackend.interceptor())
   *     .build();
   * }</pre>
   *
   * @return the interceptor, to be added after all others
   */
  public static ClientInterceptor interceptor() {
    return Tap.INSTANCE;
  }

  @Override
  public Traits traits() {
    return TRAITS;
  }

  @Override
  public StoreConnection open(ClientSpec spec) {
    if (spec.ttl().compareTo(SHORTEST_TTL) < 0 || spec.ttl().compareTo(LONGEST_TTL) > 0) {
      throw new IllegalArgumentException(
          String.format(
              "a TTL is %s to %s with etcd, but this is %s",
              SHORTEST_TTL, LONGEST_TTL, spec.ttl()));
    }
    return new Store(spec, connect.apply(spec));
  }

  @Override
  public String toString() {
    return "EtcdBackend[" + root + "]";
  }

  /** Settings of an {@link EtcdBackend}. */
  public static final class Builder {
    private static final Pattern ROOT = Pattern.compile("[^/\\s]+(/[^/\\s]+)*");

    private final Optional<OwnClient> own;
    private final Optional<Client> lent;
    private String root = "tenure";

    private Builder(OwnClient own) {
      this.own = Optional.of(own);
      this.lent = Optional.empty();
    }

    private Builder(Client lent) {
      this.own = Optional.empty();
      this.lent = Optional.of(lent);
    }

    /**
     * Sets the path under which everything is kept, {@code tenure} by default; inside the namespace
     * if there is one.
     *
     * @param path segments joined by slashes, without one at either end
     * @return this builder
     * @throws IllegalArgumentException if the path is malformed
     */
    public Builder root(String path) {
      if (!ROOT.matcher(path).matches()) {
        throw new IllegalArgumentException(
            "a root is segments joined by '/', with none at either end and no blanks, but this is '"
                + path
                + "'");
      }
      this.root = path;
      return this;
    }

    /**
     * Sets the prefix that stands before every key as it is, as in jetcd; none by default.
     *
     * @param prefix the prefix, often with a slash at its end
     * @return this builder
     * @throws IllegalStateException if the client is the user's
     */
    public Builder namespace(String prefix) {
      own("the namespace").namespace(requireNonNull(prefix, "prefix"));
      return this;
    }

    /**
     * Sets the user in whose name requests are made.
     *
     * @param name the user's name
     * @param password the password, copied
     * @return this builder
     * @throws IllegalArgumentException if either is empty
     * @throws IllegalStateException if the client is the user's
     */
    public Builder user(String name, char[] password) {
      own("the user").user(name, password);
      return this;
    }

    /**
     * Sets whom to trust as a server, instead of everyone whom the JVM trusts.
     *
     * @param certificates a PEM file with certificates of authorities
     * @return this builder
     * @throws IllegalArgumentException if the endpoints do not begin with {@code https}
     * @throws IllegalStateException if the client is the user's
     */
    public Builder trust(Path certificates) {
      own("whom to trust").trust(certificates);
      return this;
    }

    /**
     * Sets by what the servers know us.
     *
     * @param certificates a PEM file with our certificate, and those that lead to its authority
     * @param key a PEM file with our private key in PKCS#8, not encrypted
     * @return this builder
     * @throws IllegalArgumentException if the endpoints do not begin with {@code https}
     * @throws IllegalStateException if the client is the user's
     */
    public Builder identity(Path certificates, Path key) {
      own("the client certificate").identity(certificates, key);
      return this;
    }

    /**
     * Sets whatever else jetcd knows: headers, an authority, a load-balancing policy, an {@code
     * SslContext}. It comes before the other settings of this builder, which so have the last word.
     *
     * @param settings changes what it likes; called once, by {@link #build}
     * @return this builder
     * @throws IllegalStateException if the client is the user's
     */
    public Builder client(Consumer<ClientBuilder> settings) {
      own("everything else").custom(requireNonNull(settings, "settings"));
      return this;
    }

    private OwnClient own(String setting) {
      return own.orElseThrow(
          () ->
              new IllegalStateException(
                  setting + " is set on the jetcd client, since that is yours"));
    }

    /**
     * Creates the backend. Reads the files that were set, and does no other I/O.
     *
     * @return the backend
     * @throws IllegalArgumentException if a file cannot be read or has not what it should
     */
    public EtcdBackend build() {
      String path = root;
      if (lent.isPresent()) {
        Client client = lent.get();
        return new EtcdBackend(
            spec -> Connection.lent(client, path, spec.requestTimeout(), System::nanoTime), path);
      }
      ClientBuilder settings = own.orElseThrow().settings();
      return new EtcdBackend(
          spec ->
              Connection.own(
                  () -> OwnClient.open(settings, spec.requestTimeout()),
                  path,
                  spec.requestTimeout(),
                  System::nanoTime),
          path);
    }
  }
}

package io.tenure.examples;

import io.tenure.cli.HostPorts;
import io.tenure.cli.StoreKind;
import io.tenure.inmemory.InMemoryBackend;
import io.tenure.spi.Backend;
import io.tenure.testkit.server.ServerSetup;
import io.tenure.testkit.server.Servers;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The stores that the examples know. To teach them another one, add a constant: the scheme of its
 * URI is the constant's name.
 */
enum Stores {
  MEMORY(address -> InMemoryBackend.create(), "nothing", Optional.empty()),
  ETCD(StoreKind.ETCD::connect, "EtcdBackend.builder(…).user(…)", Optional.of(Servers::etcd)),
  CONSUL(
      StoreKind.CONSUL::connect, "ConsulBackend.builder(…).token(…)", Optional.of(Servers::consul)),
  ZOOKEEPER(
      StoreKind.ZOOKEEPER::connect,
      "ZooKeeperBackend.builder(…).authorization(…)",
      Optional.of(Servers::zookeeper));

  private static final String SEPARATOR = "://";

  private final Function<String, Backend> connect;
  private final String takesCredentials;
  private final Optional<Supplier<ServerSetup>> servers;

  /**
   * Makes a kind of store known.
   *
   * @param connect makes a backend of what stands behind the scheme
   * @param takesCredentials where a program gives the credentials that have no place in the URI
   * @param servers how its servers are set up, if they can be started here
   */
  Stores(
      Function<String, Backend> connect,
      String takesCredentials,
      Optional<Supplier<ServerSetup>> servers) {
    this.connect = connect;
    this.takesCredentials = takesCredentials;
    this.servers = servers;
  }

  /** The backend of an example: in memory, or on the store that its first argument names. */
  static Backend fromArguments(String... args) {
    return args.length == 0 ? InMemoryBackend.create() : connect(args[0]);
  }

  /**
   * Makes a backend for the store at a URI. Does no I/O.
   *
   * @throws IllegalArgumentException if there is no such kind of store, or its address is malformed
   */
  static Backend connect(String uri) {
    Stores kind = ofUri(uri);
    return kind.connect.apply(uri.substring(kind.scheme().length() + SEPARATOR.length()));
  }

  /**
   * Returns the kind of store that a URI names.
   *
   * @throws IllegalArgumentException if there is none, or the URI has credentials in it
   */
  static Stores ofUri(String uri) {
    Optional<Stores> found = find(kind -> uri.startsWith(kind.scheme() + SEPARATOR));
    if (HostPorts.hasCredentials(uri)) {
      throw new IllegalArgumentException(
          "a store's URI must not have credentials in it, since everybody on this machine can"
              + " read the arguments of a process: use a store that asks for none here, and in a"
              + " program of yours give them to "
              + found.map(kind -> kind.takesCredentials).orElse("the backend's builder"));
    }
    return found.orElseThrow(
        () ->
            new IllegalArgumentException(
                "a store is one of "
                    + names(kind -> true, SEPARATOR + "…")
                    + ", but this is '"
                    + uri
                    + "'"));
  }

  /**
   * Returns a kind of store that can be started here.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  static Stores startable(String name) {
    return find(kind -> kind.servers.isPresent() && kind.scheme().equals(name))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "a store that can be started here is one of "
                        + startableNames()
                        + ", but this is '"
                        + name
                        + "'"));
  }

  static String startableNames() {
    return names(kind -> kind.servers.isPresent(), "");
  }

  /**
   * Starts servers of this kind on this machine's loopback interface, as the tests do.
   *
   * @param size how many
   * @throws UnsupportedOperationException if this kind cannot be started
   * @throws DrillFailure if the servers cannot be had or do not start
   */
  StartedStore start(int size) {
    return StartedStore.start(
        this,
        servers.orElseThrow(
            () -> new UnsupportedOperationException(scheme() + " cannot be started")),
        size);
  }

  /** Returns the URI of a store of this kind at an address. */
  String uri(String address) {
    return scheme() + SEPARATOR + address;
  }

  /** The first part of the URI, which is also the name. */
  String scheme() {
    return name().toLowerCase(Locale.ROOT);
  }

  private static Optional<Stores> find(Predicate<Stores> wanted) {
    return Arrays.stream(values()).filter(wanted).findFirst();
  }

  private static String names(Predicate<Stores> which, String suffix) {
    return Arrays.stream(values())
        .filter(which)
        .map(kind -> kind.scheme() + suffix)
        .collect(Collectors.joining(", "));
  }
}

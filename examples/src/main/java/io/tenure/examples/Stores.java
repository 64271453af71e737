package io.tenure.examples;

import io.tenure.inmemory.InMemoryBackend;
import io.tenure.spi.Backend;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The stores that the examples know. To teach them another one, add a constant: the scheme of its
 * URI is the constant's name.
 */
enum Stores {
  MEMORY(address -> InMemoryBackend.create(), Optional.empty()),
  ZOOKEEPER(
      address -> ZooKeeperAddress.parse(address).connect(), Optional.of(EmbeddedZooKeeper::start));

  private static final String SEPARATOR = "://";

  private final Function<String, Backend> connect;
  private final Optional<Starter> starter;

  /** Starts a store on this machine. */
  @FunctionalInterface
  interface Starter {
    RunningStore start() throws Exception;
  }

  Stores(Function<String, Backend> connect, Optional<Starter> starter) {
    this.connect = connect;
    this.starter = starter;
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
   * @throws IllegalArgumentException if there is none
   */
  static Stores ofUri(String uri) {
    return find(kind -> uri.startsWith(kind.scheme() + SEPARATOR))
        .orElseThrow(
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
    return find(kind -> kind.starter.isPresent() && kind.scheme().equals(name))
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
    return names(kind -> kind.starter.isPresent(), "");
  }

  /**
   * Starts a store of this kind on this machine's loopback interface.
   *
   * @throws UnsupportedOperationException if this kind cannot be started
   */
  RunningStore start() throws Exception {
    return starter
        .orElseThrow(() -> new UnsupportedOperationException(scheme() + " cannot be started"))
        .start();
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

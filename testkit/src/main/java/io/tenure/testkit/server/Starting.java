package io.tenure.testkit.server;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/** How a cluster comes to run: in what, with which ports, and again if one of them was taken. */
final class Starting {
  private static final String LOOPBACK = "127.0.0.1";
  private static final int TRIES = 5;
  private static final Pattern PORT_TAKEN =
      Pattern.compile("(?i)address already in use|BindException|port is already allocated");

  private final StoreType type;
  private final Options options;
  private final int size;
  private final Function<Set<Port>, Map<Port, Integer>> ports;

  Starting(
      StoreType type, Options options, int size, Function<Set<Port>, Map<Port, Integer>> ports) {
    this.type = type;
    this.options = options;
    this.size = size;
    this.ports = ports;
  }

  StoreCluster start() {
    Optional<String> given =
        Optional.ofNullable(System.getenv(type.store().variable())).filter(text -> !text.isBlank());
    return given.isPresent() ? elsewhere(given.get()) : own();
  }

  /** Servers of our own, whatever the environment names. */
  StoreCluster own() {
    return own(image());
  }

  /** Processes of this machine. */
  StoreCluster processes() {
    return own(Optional.empty());
  }

  private StoreCluster own(Optional<String> image) {
    for (int attempt = 1; ; attempt++) {
      StoreCluster cluster =
          image.isPresent()
              ? new Containers(type, options, ports, image.get()).cluster(size)
              : processes(Programs.of(type.store()));
      try {
        cluster.startAll();
        return cluster;
      } catch (RuntimeException e) {
        boolean again =
            attempt < TRIES && (portTaken(String.valueOf(e.getMessage())) || portTaken(cluster));
        cluster.close();
        if (!again) {
          throw e;
        }
      }
    }
  }

  /** Not every server ends when one of its ports is taken: ZooKeeper's waits for its peers' one. */
  private static boolean portTaken(StoreCluster cluster) {
    return cluster.nodes().stream().anyMatch(node -> portTaken(node.words()));
  }

  private static boolean portTaken(String words) {
    return PORT_TAKEN.matcher(words).find();
  }

  /** The image to run, where an engine can: only ask for one if the store has an image at all. */
  private Optional<String> image() {
    return type.image()
        .filter(usual -> Engine.answers())
        .map(usual -> System.getenv().getOrDefault(type.store().variable() + "_IMAGE", usual));
  }

  /** Servers that somebody else runs. */
  StoreCluster elsewhere(String addresses) {
    if (options.tls().isPresent()
        || options.token().isPresent()
        || options.severable()
        || !options.configuration().isEmpty()) {
      throw new IllegalStateException(
          ("%s names servers that are as they are, but TLS, ACLs, cables or a configuration were"
                      + " asked for:")
                  .formatted(type.store().variable())
              + " unset it to have servers of our own");
    }
    List<StoreServer> nodes = new ArrayList<>();
    for (String address : addresses.split(",")) {
      String bare = address.strip().replaceFirst("^https?://", "").replaceFirst("/+$", "");
      Vessel vessel = new ForeignVessel(type.store(), bare);
      nodes.add(
          new StoreServer(
              "n" + (nodes.size() + 1),
              type,
              options,
              vessel,
              new Cables(),
              bare,
              bare,
              "from " + type.store().variable()));
    }
    if (nodes.size() < size) {
      throw new IllegalStateException(
          "%s names %d nodes, but %d are needed: give them as host:port,host:port,..."
              .formatted(type.store().variable(), nodes.size(), size));
    }
    StoreCluster cluster = new StoreCluster(nodes.subList(0, size), () -> {});
    cluster.awaitReady();
    return cluster;
  }

  private StoreCluster processes(Program program) {
    Path directory = Directories.next(type.store());
    List<Place> places = new ArrayList<>();
    for (int id = 1; id <= size; id++) {
      Map<Port, Integer> own = ports.apply(type.ports(options));
      String name = "n" + id;
      places.add(new Place(id, name, LOOPBACK, LOOPBACK, own, directory.resolve(name).toString()));
    }
    List<StoreServer> nodes = new ArrayList<>();
    for (Place place : places) {
      Cables cables = new Cables();
      List<Place> seen = options.severable() ? cables.lay(place, places) : places;
      Launch launch = type.launch(place, seen, options, program.version());
      Vessel vessel = new ProcessVessel(program.path(), launch, Path.of(place.root()));
      String client = place.binds(Port.CLIENT);
      String status = place.ports().containsKey(Port.STATUS) ? place.binds(Port.STATUS) : client;
      nodes.add(
          new StoreServer(
              place.name(), type, options, vessel, cables, client, status, program.origin()));
    }
    return new StoreCluster(nodes, () -> {});
  }
}

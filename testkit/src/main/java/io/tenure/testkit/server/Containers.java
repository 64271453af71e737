package io.tenure.testkit.server;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports.Binding;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;

/**
 * Nodes in containers. Clients reach them at ports that we choose: those that an engine chooses
 * change when a container is started again, and a restarted node has to be where it was.
 */
final class Containers {
  private static final Logger log = LoggerFactory.getLogger(Containers.class);

  /** The same in every container, because each has a network of its own. */
  private static final Map<Port, Integer> INSIDE =
      new EnumMap<>(Map.of(Port.CLIENT, 7001, Port.STATUS, 7002, Port.PEER, 7003, Port.VOTE, 7004));

  private final StoreType type;
  private final Options options;
  private final Function<Set<Port>, Map<Port, Integer>> ports;
  private final String image;
  private final String host;

  Containers(
      StoreType type,
      Options options,
      Function<Set<Port>, Map<Port, Integer>> ports,
      String image) {
    this.type = type;
    this.options = options;
    this.ports = ports;
    this.image = image;
    this.host = DockerClientFactory.instance().dockerHostIpAddress();
  }

  /** Whether Testcontainers can work with the engine; one without images to hand may not do. */
  static boolean usable() {
    try {
      return DockerClientFactory.instance().isDockerAvailable();
    } catch (RuntimeException e) {
      log.warn("a container engine answers but is of no use; doing without", e);
      return false;
    }
  }

  StoreCluster cluster(int size) {
    Optional<Network> network = size > 1 ? Optional.of(Network.newNetwork()) : Optional.empty();
    List<Place> places = new ArrayList<>();
    for (int id = 1; id <= size; id++) {
      String name = "n" + id;
      String peersCall = network.isPresent() ? name : "127.0.0.1";
      places.add(new Place(id, name, "0.0.0.0", peersCall, INSIDE, "/tenure"));
    }
    List<StoreServer> nodes = new ArrayList<>();
    places.forEach(place -> nodes.add(node(place, places, network)));
    return new StoreCluster(nodes, () -> network.ifPresent(Network::close));
  }

  private StoreServer node(Place place, List<Place> all, Optional<Network> network) {
    Launch launch = type.launch(place, all, options, "");
    Map<Port, Integer> outside = ports.apply(type.ports(options));
    GenericContainer<?> container =
        new GenericContainer<>(DockerImageName.parse(image))
            .withCommand(launch.arguments().toArray(String[]::new))
            .withCreateContainerCmdModifier(command -> prepare(command, place, outside))
            .waitingFor(new NotAtAll());
    launch
        .files()
        .forEach(
            (file, text) ->
                container.withCopyToContainer(
                    Transferable.of(text, 0644), place.root() + "/" + file));
    network.ifPresent(net -> container.withNetwork(net).withNetworkAliases(place.name()));
    String reach = isHere() ? "127.0.0.1" : host;
    String client = reach + ":" + outside.get(Port.CLIENT);
    Integer status = outside.get(Port.STATUS);
    return new StoreServer(
        place.name(),
        type,
        options,
        new ContainerVessel(container),
        new Cables(),
        client,
        status == null ? client : reach + ":" + status,
        "image " + image);
  }

  private boolean isHere() {
    return host.equals("localhost") || host.startsWith("127.");
  }

  private void prepare(CreateContainerCmd command, Place place, Map<Port, Integer> outside) {
    List<ExposedPort> exposed = new ArrayList<>();
    List<PortBinding> bindings = new ArrayList<>();
    for (Port port : List.of(Port.CLIENT, Port.STATUS)) {
      Integer number = outside.get(port);
      if (number != null) {
        ExposedPort inside = ExposedPort.tcp(place.port(port));
        exposed.add(inside);
        bindings.add(
            new PortBinding(
                isHere() ? Binding.bindIpAndPort("127.0.0.1", number) : Binding.bindPort(number),
                inside));
      }
    }
    // Images differ in their entry points and users; in all of them the program is on the PATH.
    command.withEntrypoint(type.store().id()).withUser("0").withExposedPorts(exposed);
    Objects.requireNonNull(command.getHostConfig(), "host configuration")
        .withPortBindings(bindings);
  }

  /** A node of a cluster serves only when the others run: we wait for them all, later. */
  private static final class NotAtAll extends AbstractWaitStrategy {
    @Override
    protected void waitUntilReady() {}
  }
}

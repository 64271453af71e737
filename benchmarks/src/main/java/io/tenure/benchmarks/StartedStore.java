package io.tenure.benchmarks;

import io.tenure.CoordinationClient;
import io.tenure.consul.ConsulBackend;
import io.tenure.etcd.EtcdBackend;
import io.tenure.inmemory.InMemoryBackend;
import io.tenure.spi.Backend;
import io.tenure.testkit.server.ServerSetup;
import io.tenure.testkit.server.Servers;
import io.tenure.testkit.server.StoreServer;
import io.tenure.zookeeper.ZooKeeperBackend;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** A client of a store, and the one server that it has if it is not in memory. */
final class StartedStore implements AutoCloseable {
  private static final Duration TTL = Duration.ofSeconds(40);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final CoordinationClient client;
  private final Optional<StoreServer> server;

  private StartedStore(CoordinationClient client, Optional<StoreServer> server) {
    this.client = client;
    this.server = server;
  }

  static StartedStore start(String name) {
    return switch (name) {
      case "memory" -> new StartedStore(patient(InMemoryBackend.create()), Optional.empty());
      case "etcd" -> start(Servers.etcd(), server -> EtcdBackend.connect(server.url()));
      case "zookeeper" ->
          start(Servers.zookeeper(), server -> ZooKeeperBackend.connect(server.address()));
      case "consul" -> start(Servers.consul(), server -> ConsulBackend.connect(server.url()));
      default -> throw new IllegalArgumentException("there is no store '" + name + "'");
    };
  }

  private static StartedStore start(ServerSetup setup, Function<StoreServer, Backend> connect) {
    StoreServer server = setup.start();
    return new StartedStore(patient(connect.apply(server)), Optional.of(server));
  }

  /** Slow is a figure, too, and no reason to end the measurement. */
  private static CoordinationClient patient(Backend backend) {
    return CoordinationClient.builder(backend).leaseTtl(TTL).requestTimeout(PATIENCE).build();
  }

  CoordinationClient client() {
    return client;
  }

  @Override
  public void close() {
    client.close();
    server.ifPresent(StoreServer::close);
  }
}

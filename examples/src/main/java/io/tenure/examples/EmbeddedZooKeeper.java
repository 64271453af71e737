package io.tenure.examples;

import io.tenure.cli.ZooKeeperAddress;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.zookeeper.server.ServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;

/** A ZooKeeper server in this JVM: one node on loopback, its data in a temporary directory. */
final class EmbeddedZooKeeper implements RunningStore {
  /** ZooKeeper rounds a session's end up to whole ticks; a short one lets short TTLs be short. */
  private static final Duration TICK = Duration.ofMillis(200);

  private static final int MAX_SESSION_MILLIS = 60_000;
  private static final int ANY_PORT = 0;
  private static final int MAX_CONNECTIONS = 100;

  private final ServerCnxnFactory connections;
  private final Path directory;

  private EmbeddedZooKeeper(ServerCnxnFactory connections, Path directory) {
    this.connections = connections;
    this.directory = directory;
  }

  static EmbeddedZooKeeper start() throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("tenure-zookeeper-");
    File data = directory.toFile();
    ZooKeeperServer server = new ZooKeeperServer(data, data, (int) TICK.toMillis());
    server.setMaxSessionTimeout(MAX_SESSION_MILLIS);
    ServerCnxnFactory connections = new NIOServerCnxnFactory();
    connections.configure(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), ANY_PORT), MAX_CONNECTIONS);
    connections.startup(server);
    return new EmbeddedZooKeeper(connections, directory);
  }

  @Override
  public String uri() {
    String server =
        InetAddress.getLoopbackAddress().getHostAddress() + ":" + connections.getLocalPort();
    return Stores.ZOOKEEPER.uri(new ZooKeeperAddress(server, TICK).toString());
  }

  @Override
  public String description() {
    return "ZooKeeper in this process";
  }

  @Override
  public void close() {
    connections.shutdown();
    TemporaryFiles.delete(directory);
  }
}

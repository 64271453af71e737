package io.tenure.zookeeper;

import static io.tenure.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.spi.Backend;
import io.tenure.spi.QueueName;
import io.tenure.testkit.BackendFixture;
import io.tenure.testkit.Link;
import io.tenure.testkit.TcpProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.server.EphemeralType;

/** A real ZooKeeper server, as the contract sees it. */
final class ZooKeeperFixture implements BackendFixture {
  private static final Duration TICK = Duration.ofMillis(LocalServer.TICK_MILLIS);
  private static final Duration LONGEST_SESSION = Duration.ofMinutes(1);
  private static final int EVERY_VERSION = -1;

  private final LocalServer server;
  private final ZooKeeper operator;

  static {
    // What the tests write need not survive a power cut.
    System.setProperty("zookeeper.forceSync", "no");
  }

  ZooKeeperFixture(Path directory) {
    try {
      server = LocalServer.start(directory, LONGEST_SESSION);
      operator =
          new ZooKeeper(server.connectString(), (int) LONGEST_SESSION.toMillis(), event -> {});
    } catch (Exception e) {
      throw new IllegalStateException("the server cannot be started", e);
    }
    eventually(() -> assertThat(operator.getState().isConnected()).isTrue());
  }

  /** Where other processes connect. */
  String address() {
    return server.connectString();
  }

  @Override
  public String store() {
    return LocalServer.DESCRIPTION;
  }

  @Override
  public Backend newBackend() {
    return backendAt(server.connectString());
  }

  static Backend backendAt(String address) {
    return ZooKeeperBackend.builder(address).tickTime(TICK).build();
  }

  /** The client keeps its session alive by itself, so that only a cut cable stops it. */
  @Override
  public Link newLink() {
    try {
      TcpProxy cable = TcpProxy.to("127.0.0.1", server.port());
      return Link.through(cable, backendAt(cable.address()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Duration ttl() {
    return Duration.ofMillis(1_300);
  }

  @Override
  public Duration renewEvery() {
    return Duration.ofMillis(250);
  }

  @Override
  public Duration safetyMargin() {
    return Duration.ofMillis(200);
  }

  @Override
  public long writes() {
    return server.zxid();
  }

  @Override
  public void expireSession(String sessionId) {
    try {
      server.expire(Long.parseUnsignedLong(sessionId.substring("0x".length()), 16));
    } catch (TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public List<String> keys(String path) {
    return below(node(path)).toList();
  }

  private Stream<String> below(String node) {
    Stream<String> children =
        server.children(node).stream().flatMap(child -> below(node + "/" + child));
    return isKey(node) ? Stream.concat(Stream.of(node), children) : children;
  }

  /** The server deletes an empty container by itself. */
  private boolean isKey(String node) {
    return server.exists(node)
        && EphemeralType.get(server.tree().getNode(node).stat.getEphemeralOwner())
            != EphemeralType.CONTAINER;
  }

  @Override
  public void plantForeign(QueueName queue, String name, byte[] bytes) {
    operate(
        () -> {
          String parent = node(queue.path());
          for (String level : Paths.levels(parent)) {
            if (!server.exists(level)) {
              operator.create(level, new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.CONTAINER);
            }
          }
          operator.create(parent + "/" + name, bytes, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        });
  }

  @Override
  public void deleteEntry(QueueName queue, String entryId) {
    String parent = node(queue.path());
    List<String> entries =
        server.children(parent).stream().filter(child -> child.contains(entryId)).toList();
    assertThat(entries).as("entry %s", entryId).hasSize(1);
    operate(() -> operator.delete(parent + "/" + entries.get(0), EVERY_VERSION));
  }

  /** Its node too, so that the sequence begins again at zero. */
  @Override
  public void deleteQueue(QueueName queue) {
    String parent = node(queue.path());
    operate(
        () -> {
          for (String child : server.children(parent)) {
            operator.delete(parent + "/" + child, EVERY_VERSION);
          }
          operator.delete(parent, EVERY_VERSION);
        });
  }

  private static String node(String path) {
    return "/tenure/" + path;
  }

  @Override
  public int sessions() {
    int operators = server.hasSession(operator.getSessionId()) ? 1 : 0;
    return server.sessions() - operators;
  }

  @Override
  public int watches() {
    return server.watches();
  }

  @Override
  public boolean isClientThread(Thread thread) {
    String name = thread.getName();
    return name.startsWith("Curator-")
        || name.contains("-SendThread(")
        || name.endsWith("-EventThread");
  }

  @Override
  public boolean restart() {
    operate(server::restart);
    eventually(() -> assertThat(operator.getState().isConnected()).isTrue());
    return true;
  }

  @Override
  public void close() {
    operate(
        () -> {
          operator.close();
          server.close();
        });
  }

  private static void operate(Operation operation) {
    try {
      operation.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    } catch (Exception e) {
      throw new AssertionError("the operator's hands are tied", e);
    }
  }

  private interface Operation {
    void run() throws Exception;
  }
}

package io.tenure.zookeeper;

import io.tenure.testkit.server.Stores;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.apache.zookeeper.DeleteContainerRequest;
import org.apache.zookeeper.Version;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.apache.zookeeper.server.DataTree;
import org.apache.zookeeper.server.Request;
import org.apache.zookeeper.server.RequestRecord;
import org.apache.zookeeper.server.ServerCnxn.DisconnectReason;
import org.apache.zookeeper.server.ServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;
import org.apache.zookeeper.server.persistence.FileTxnSnapLog;

/**
 * A real ZooKeeper server in this JVM, on the loopback interface.
 *
 * <p>Unlike Curator's it listens nowhere else, and a test can look into it.
 */
final class LocalServer implements AutoCloseable {
  static final String DESCRIPTION = "ZooKeeper " + Version.getVersion() + " (in this JVM)";
  static final int TICK_MILLIS = 100;

  private static final Duration TWENTY_TICKS = Duration.ofMillis(20 * TICK_MILLIS);

  private final File directory;
  private final boolean secure;
  private final Duration longestSession;
  private int port;
  private ServerCnxnFactory connections;
  private Server server;

  private LocalServer(File directory, boolean secure, Duration longestSession) {
    this.directory = directory;
    this.secure = secure;
    this.longestSession = longestSession;
  }

  /** Starts a server that grants a session of 2 to 20 ticks, as servers do. */
  static LocalServer start(Path directory) throws Exception {
    return start(directory, TWENTY_TICKS);
  }

  static LocalServer start(Path directory, Duration longestSession) throws Exception {
    LocalServer local = new LocalServer(directory.toFile(), false, longestSession);
    local.start();
    return local;
  }

  /** Starts it with TLS; system properties say on which sockets, and where the keys are. */
  static LocalServer startSecure(Path directory) throws Exception {
    LocalServer local = new LocalServer(directory.toFile(), true, Duration.ofSeconds(30));
    local.start();
    return local;
  }

  private void start() throws Exception {
    Stores.tested(DESCRIPTION);
    connections = ServerCnxnFactory.createFactory();
    connections.configure(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000, -1, secure);
    server = new Server(new FileTxnSnapLog(directory, directory));
    server.setMaxSessionTimeout((int) longestSession.toMillis());
    connections.startup(server);
    port = connections.getLocalPort();
  }

  void stop() throws IOException {
    connections.shutdown();
    server.getZKDatabase().close();
  }

  /** Starts it again on the same data and the same port. */
  void restart() throws Exception {
    stop();
    start();
  }

  int port() {
    return port;
  }

  String connectString() {
    return "127.0.0.1:" + port;
  }

  /** The id of the last write of anybody. */
  long zxid() {
    return server.getZKDatabase().getDataTreeLastProcessedZxid();
  }

  int watches() {
    return tree().getWatchCount();
  }

  DataTree tree() {
    return server.getZKDatabase().getDataTree();
  }

  List<String> children(String path) {
    return tree().getNode(path) == null
        ? List.of()
        : List.copyOf(tree().getNode(path).getChildren());
  }

  boolean exists(String path) {
    return tree().getNode(path) != null;
  }

  /** Ends a session as its expiry would. */
  void expire(long sessionId) throws TimeoutException {
    server.closeSession(sessionId);
    Await.until("expired", () -> !hasSession(sessionId));
  }

  boolean hasSession(long sessionId) {
    return server.getZKDatabase().getSessionWithTimeOuts().containsKey(sessionId)
        || server.getZKDatabase().getSessions().contains(sessionId);
  }

  int sessions() {
    return server.getZKDatabase().getSessionWithTimeOuts().size();
  }

  void dropConnections() {
    connections.closeAll(DisconnectReason.CONNECTION_CLOSE_FORCED);
  }

  /** Deletes an empty container, as the server does by itself once a minute. */
  void collect(String container) throws Exception {
    server.submit(
        new Request(
            null,
            0,
            0,
            OpCode.deleteContainer,
            RequestRecord.fromRecord(new DeleteContainerRequest(container)),
            null));
    Await.until("collected " + container, () -> !exists(container));
  }

  @Override
  public void close() throws IOException {
    stop();
  }

  private static final class Server extends ZooKeeperServer {
    Server(FileTxnSnapLog data) {
      super(data, TICK_MILLIS, "");
    }

    void submit(Request request) throws Exception {
      firstProcessor.processRequest(request);
    }

    @Override
    protected void registerJMX() {
      // Several servers of one JVM would have the same names.
    }

    @Override
    protected void unregisterJMX() {
      // Nothing was registered.
    }
  }
}

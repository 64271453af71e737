package io.tenure.examples;

import java.net.InetAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.UUID;
import org.h2.tools.Server;

/**
 * The database behind the ledger: H2 in this JVM's memory, with a server on loopback through which
 * the replicas reach it.
 */
final class LedgerServer implements AutoCloseable {
  private static final String DATABASE = "mem:ledger";

  private final String password = UUID.randomUUID().toString();
  private final Connection keepsMemoryAlive;
  private final Server server;

  private LedgerServer() throws SQLException {
    // H2 has no argument for this, and listens on every interface without it.
    System.setProperty("h2.bindAddress", InetAddress.getLoopbackAddress().getHostAddress());
    keepsMemoryAlive = DriverManager.getConnection("jdbc:h2:" + DATABASE, Ledger.USER, password);
    server = Server.createTcpServer("-tcpPort", "0", "-tcpDaemon").start();
  }

  static LedgerServer start() throws SQLException {
    return new LedgerServer();
  }

  /** Where the replicas find the database. */
  String url() {
    return "jdbc:h2:tcp://"
        + InetAddress.getLoopbackAddress().getHostAddress()
        + ":"
        + server.getPort()
        + "/"
        + DATABASE;
  }

  /** Made anew for each run, since whoever can log in to an H2 server can run code in it. */
  String password() {
    return password;
  }

  @Override
  public void close() throws SQLException {
    server.stop();
    keepsMemoryAlive.close();
  }
}

package io.tenure.fencing;

import io.tenure.FencingToken;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * A database with a fence and a ledger: each row of the ledger is one guarded write, and since the
 * guard lets only one transaction of a resource write at a time, the ids stand in commit order.
 */
final class FencedDatabase implements AutoCloseable {
  static final JdbcFencingGuard GUARD = JdbcFencingGuard.onTable("tenure_fence");

  private static final Duration BOUND = Duration.ofSeconds(20);

  private final DatabaseServer server;
  private final String url;
  private final int isolation;
  private final Connection keepsMemoryAlive;

  private FencedDatabase(DatabaseServer server, String url, int isolation) throws SQLException {
    this.server = server;
    this.url = url;
    this.isolation = isolation;
    this.keepsMemoryAlive = DriverManager.getConnection(url);
    GUARD.createTable(keepsMemoryAlive);
    execute(
        keepsMemoryAlive,
        "CREATE TABLE IF NOT EXISTS ledger (id "
            + server.identityType()
            + " PRIMARY KEY, resource VARCHAR(255) NOT NULL, token BIGINT NOT NULL)");
  }

  static FencedDatabase on(DatabaseServer server) throws SQLException {
    return on(server, Connection.TRANSACTION_READ_COMMITTED);
  }

  static FencedDatabase on(DatabaseServer server, int isolation) throws SQLException {
    return new FencedDatabase(server, server.newDatabase(), isolation);
  }

  static FencedDatabase at(DatabaseServer server, String url) throws SQLException {
    return new FencedDatabase(server, url, Connection.TRANSACTION_READ_COMMITTED);
  }

  String url() {
    return url;
  }

  /** A connection in autocommit mode. */
  Connection connect() throws SQLException {
    return DriverManager.getConnection(url);
  }

  /** A connection for transactions. */
  Connection begin(int isolation) throws SQLException {
    Connection tx = connect();
    tx.setAutoCommit(false);
    tx.setTransactionIsolation(isolation);
    return tx;
  }

  Connection begin() throws SQLException {
    return begin(isolation);
  }

  /** A transaction's statements, and what they came to. */
  interface Work<T> {
    T run(Connection tx) throws SQLException;
  }

  /**
   * Runs a transaction and commits it, and again as long as the database asks for it, as every
   * caller of a guard does. Without the pause, those that deadlock would meet again at once.
   */
  static <T> T commit(Connection tx, Work<T> work) throws SQLException {
    long start = System.nanoTime();
    for (long pauseMillis = 1; ; pauseMillis = Math.min(2 * pauseMillis, 100)) {
      try {
        T result = work.run(tx);
        tx.commit();
        return result;
      } catch (StaleTokenException e) {
        tx.rollback();
        throw e;
      } catch (SQLException e) {
        tx.rollback();
        if (!isSerializationFailure(e) || System.nanoTime() - start > BOUND.toNanos()) {
          throw e;
        }
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(pauseMillis * 1_000_000));
      }
    }
  }

  /** What databases say of a transaction that has to be run again: also that it was deadlocked. */
  static boolean isSerializationFailure(SQLException e) {
    return e.getSQLState() != null && e.getSQLState().startsWith("40");
  }

  /** One whole transaction of its own. */
  void commitAdmitted(String resource, long token) throws SQLException {
    try (Connection tx = begin()) {
      admitAndWrite(tx, resource, token);
      tx.commit();
    }
  }

  /** The guarded write; the caller commits. */
  static void admitAndWrite(Connection tx, String resource, long token) throws SQLException {
    GUARD.admit(tx, resource, FencingToken.of(token));
    write(tx, resource, token);
  }

  /** A write that no guard has seen. */
  static void write(Connection tx, String resource, long token) throws SQLException {
    try (PreparedStatement insert =
        tx.prepareStatement("INSERT INTO ledger (resource, token) VALUES (?, ?)")) {
      insert.setString(1, resource);
      insert.setLong(2, token);
      insert.executeUpdate();
    }
  }

  List<Long> ledger(String resource) throws SQLException {
    try (Connection connection = connect()) {
      return ledger(connection, resource);
    }
  }

  static List<Long> ledger(Connection connection, String resource) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("SELECT token FROM ledger WHERE resource = ? ORDER BY id")) {
      select.setString(1, resource);
      List<Long> tokens = new ArrayList<>();
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          tokens.add(rows.getLong(1));
        }
      }
      return tokens;
    }
  }

  Optional<FencingToken> mark(String resource) throws SQLException {
    try (Connection connection = connect()) {
      return GUARD.highWaterMark(connection, resource);
    }
  }

  static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Returns when a transaction waits for another one. */
  void awaitBlockedTransaction() throws SQLException {
    long start = System.nanoTime();
    while (count(server.countBlocked()) == 0) {
      if (System.nanoTime() - start > BOUND.toNanos()) {
        throw new AssertionError("no transaction was blocked within " + BOUND);
      }
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
  }

  private long count(String sql) throws SQLException {
    try (Statement statement = keepsMemoryAlive.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  @Override
  public void close() throws SQLException {
    keepsMemoryAlive.close();
  }
}

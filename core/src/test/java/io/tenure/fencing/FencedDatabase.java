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
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/**
 * A database with a fence and a ledger: each row of the ledger is one guarded write, and since the
 * guard lets only one transaction of a resource write at a time, the ids stand in commit order.
 */
final class FencedDatabase implements AutoCloseable {
  static final JdbcFencingGuard GUARD = JdbcFencingGuard.onTable("tenure_fence");

  private static final Duration BOUND = Duration.ofSeconds(20);

  private final String url;
  private final Connection keepsMemoryAlive;

  private FencedDatabase(String url) throws SQLException {
    this.url = url;
    this.keepsMemoryAlive = DriverManager.getConnection(url);
    GUARD.createTable(keepsMemoryAlive);
    execute(
        keepsMemoryAlive,
        "CREATE TABLE IF NOT EXISTS ledger (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
            + " resource VARCHAR(255) NOT NULL, token BIGINT NOT NULL)");
  }

  static FencedDatabase inMemory() throws SQLException {
    return at("jdbc:h2:mem:" + UUID.randomUUID());
  }

  static FencedDatabase at(String url) throws SQLException {
    return new FencedDatabase(url + ";LOCK_TIMEOUT=" + BOUND.toMillis());
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
    return begin(Connection.TRANSACTION_READ_COMMITTED);
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

  /**
   * Returns when a transaction waits for another one. H2 waits for a locked row visibly; for a row
   * that another transaction has inserted and not committed it tries the INSERT again until it can.
   */
  void awaitBlockedTransaction() throws SQLException {
    long start = System.nanoTime();
    while (count(
            "SELECT COUNT(*) FROM INFORMATION_SCHEMA.SESSIONS WHERE BLOCKER_ID IS NOT NULL"
                + " OR EXECUTING_STATEMENT LIKE 'INSERT INTO tenure_fence%'")
        == 0) {
      if (System.nanoTime() - start > BOUND.toNanos()) {
        throw new AssertionError("no transaction was blocked within " + BOUND);
      }
      LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
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

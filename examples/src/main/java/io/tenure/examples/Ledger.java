package io.tenure.examples;

import io.tenure.FencingToken;
import io.tenure.fencing.JdbcFencingGuard;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.h2.jdbcx.JdbcDataSource;

/**
 * What the leader's writes go to: a table that each write appends one row to, in one transaction
 * with the guard.
 *
 * <p>With the guard, the rows' ids stand in the order of the commits, since a transaction that was
 * admitted keeps the others out until it ends.
 */
final class Ledger {
  static final String USER = "drill";

  private static final String RESOURCE = "ledger";

  private final JdbcFencingGuard guard = JdbcFencingGuard.onTable("tenure_fence");
  private final JdbcDataSource database = new JdbcDataSource();
  private final boolean guarded;

  /** A write that somebody intends; nothing has been sent yet. */
  record Entry(String replica, FencingToken token, long seq, String note) {}

  /** A write that was applied. */
  record Row(long id, Entry entry) {}

  /**
   * Makes the ledger's client side. Does no I/O.
   *
   * @param guarded false to leave the guard out, and see what happens
   */
  Ledger(String url, String password, boolean guarded) {
    this.guarded = guarded;
    database.setURL(url);
    database.setUser(USER);
    database.setPassword(password);
  }

  void create() throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      guard.createTable(connection);
      statement.execute(
          """
          CREATE TABLE ledger (
            id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            replica VARCHAR(64) NOT NULL,
            token BIGINT NOT NULL,
            seq BIGINT NOT NULL,
            note VARCHAR(255) NOT NULL)""");
    }
  }

  /**
   * Appends an entry, whether or not its writer still leads: only the guard can tell.
   *
   * @return the row's id
   * @throws io.tenure.fencing.StaleTokenException if the guard has seen a newer token
   */
  long append(Entry entry) throws SQLException {
    try (Connection tx = database.getConnection()) {
      tx.setAutoCommit(false);
      if (guarded) {
        guard.admit(tx, RESOURCE, entry.token());
      }
      long id = insert(tx, entry);
      tx.commit();
      return id;
    }
  }

  private static long insert(Connection tx, Entry entry) throws SQLException {
    try (PreparedStatement insert =
        tx.prepareStatement(
            "INSERT INTO ledger (replica, token, seq, note) VALUES (?, ?, ?, ?)",
            Statement.RETURN_GENERATED_KEYS)) {
      insert.setString(1, entry.replica());
      insert.setLong(2, entry.token().value());
      insert.setLong(3, entry.seq());
      insert.setString(4, entry.note());
      insert.executeUpdate();
      try (ResultSet keys = insert.getGeneratedKeys()) {
        keys.next();
        return keys.getLong(1);
      }
    }
  }

  /** Reads every row, in the order of the ids. */
  List<Row> rows() throws SQLException {
    List<Row> rows = new ArrayList<>();
    try (Connection connection = database.getConnection();
        Statement select = connection.createStatement();
        ResultSet found =
            select.executeQuery("SELECT id, replica, token, seq, note FROM ledger ORDER BY id")) {
      while (found.next()) {
        rows.add(
            new Row(
                found.getLong(1),
                new Entry(
                    found.getString(2),
                    FencingToken.of(found.getLong(3)),
                    found.getLong(4),
                    found.getString(5))));
      }
    }
    return rows;
  }
}

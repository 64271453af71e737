package io.tenure.fencing;

import io.tenure.FencingToken;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The table of a {@link JdbcFencingGuard}, one row for each resource: I/O without judgement. */
final class FenceTable {
  private static final String PORTABLE_NAME = "VARCHAR(" + ResourceNames.MAX_BYTES + ")";

  /*
   * MySQL and MariaDB compare text without regard to case, accents and trailing spaces, which would
   * give two names one mark and one sequence. Bytes are compared as they are.
   */
  private static final String EXACT_NAME = "VARBINARY(" + ResourceNames.MAX_BYTES + ")";

  private static final String INTEGRITY_VIOLATION_CLASS = "23";

  private final String name;

  FenceTable(String name) {
    this.name = name;
  }

  record Row(long token, long sequence) {}

  String name() {
    return name;
  }

  String createSql() {
    return "CREATE TABLE " + name + columns(PORTABLE_NAME);
  }

  void createUnlessExists(Connection connection) throws SQLException {
    String product = connection.getMetaData().getDatabaseProductName().toLowerCase(Locale.ROOT);
    boolean foldsText = product.contains("mysql") || product.contains("mariadb");
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE IF NOT EXISTS " + name + columns(foldsText ? EXACT_NAME : PORTABLE_NAME));
    } catch (SQLException e) {
      /* The second of two concurrent IF NOT EXISTS may fail on PostgreSQL, with the table there. */
      if (!exists(connection, e)) {
        throw e;
      }
    }
  }

  /**
   * Locks and changes the row if the token and the sequence allow it. It writes an equal token too:
   * that takes the lock, and makes snapshot isolation see a conflict.
   */
  boolean raise(Connection tx, String resource, FencingToken token, long sequence)
      throws SQLException {
    return sequence == HighWaterMark.NO_SEQUENCE
        ? raise(tx, resource, token.value())
        : raiseOnce(tx, resource, token.value(), sequence);
  }

  /* The sequence comes first, since MySQL's later assignments see what earlier ones assigned. */
  private boolean raise(Connection tx, String resource, long token) throws SQLException {
    String sql =
        "UPDATE "
            + name
            + " SET last_sequence = CASE WHEN token < ? THEN 0 ELSE last_sequence END, token = ?"
            + " WHERE resource = ? AND token <= ?";
    return Sql.update(tx, sql, List.of(token, token, resource, token)) > 0;
  }

  private boolean raiseOnce(Connection tx, String resource, long token, long sequence)
      throws SQLException {
    String sql =
        "UPDATE "
            + name
            + " SET last_sequence = ?, token = ?"
            + " WHERE resource = ? AND (token < ? OR (token = ? AND last_sequence < ?))";
    return Sql.update(tx, sql, List.of(sequence, token, resource, token, token, sequence)) > 0;
  }

  /*
   * Empty when the row is ours, else the violation that says that another transaction inserted it.
   * PostgreSQL takes no further statement after an error, except back to a savepoint. It is not
   * released, since Oracle and SQL Server cannot; it ends with the transaction.
   */
  Optional<SQLException> insert(Connection tx, String resource, FencingToken token, long sequence)
      throws SQLException {
    Savepoint beforeInsert = tx.setSavepoint();
    try {
      Sql.update(
          tx,
          "INSERT INTO " + name + " (resource, token, last_sequence) VALUES (?, ?, ?)",
          List.of(resource, token.value(), sequence));
      return Optional.empty();
    } catch (SQLException e) {
      if (!isIntegrityViolation(e)) {
        throw e;
      }
      tx.rollback(beforeInsert);
      return Optional.of(e);
    }
  }

  Optional<Row> read(Connection connection, String resource) throws SQLException {
    String sql = "SELECT token, last_sequence FROM " + name + " WHERE resource = ?";
    try (PreparedStatement select = Sql.prepare(connection, sql, List.of(resource));
        ResultSet row = select.executeQuery()) {
      return row.next() ? Optional.of(new Row(row.getLong(1), row.getLong(2))) : Optional.empty();
    }
  }

  private boolean exists(Connection connection, SQLException whyAsked) {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT resource, token, last_sequence FROM " + name + " WHERE 1 = 0");
      return true;
    } catch (SQLException e) {
      whyAsked.addSuppressed(e);
      return false;
    }
  }

  private static boolean isIntegrityViolation(SQLException e) {
    String state = e.getSQLState();
    return e instanceof SQLIntegrityConstraintViolationException
        || (state != null && state.startsWith(INTEGRITY_VIOLATION_CLASS));
  }

  private static String columns(String nameType) {
    return " (resource "
        + nameType
        + " NOT NULL PRIMARY KEY, token BIGINT NOT NULL, last_sequence BIGINT DEFAULT 0 NOT NULL)";
  }
}

package io.tenure.fencing;

import io.tenure.FencingToken;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLTransactionRollbackException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A guard for data in a SQL database: a table with one high-water mark for each resource name,
 * checked and raised inside the caller's own transaction.
 *
 * <pre>{@code
 * tx.setAutoCommit(false);
 * guard.seal(tx, "accounts/42", lease.token());    // once, before anything is read
 * tx.commit();
 *
 * guard.admit(tx, "accounts/42", lease.token());   // first in every transaction that writes
 * writeBalance(tx, readBalance(tx) - 100);
 * tx.commit();
 * }</pre>
 *
 * <p>Check and write are one atomic step because they share a transaction: admitting a token locks
 * the resource's row until that transaction ends. Meanwhile every other transaction that asks for
 * the resource waits, and is then judged by what was committed. The mark is as durable as the
 * write: both are committed or neither. If a transaction is rolled back, or rolled back to a
 * savepoint set before the admission, its token counts as never seen and the lock is gone; admit
 * again before writing.
 *
 * <p>Why the owner's identity is not enough, why to seal before reading, and what a token does not
 * do: see the {@linkplain io.tenure.fencing package}.
 *
 * <p><b>Transactions.</b> READ COMMITTED or stronger. The guard never commits or rolls back the
 * caller's transaction and refuses a connection in autocommit mode. A {@link StaleTokenException}
 * leaves the transaction usable, to note the refusal for example; after any other exception the
 * caller rolls back. A database's own refusals (serialization failure, deadlock, lock time-out) are
 * passed on untouched, for the retry of the whole transaction that the caller has anyway. From
 * REPEATABLE READ on, a transaction may read a snapshot that is older than its own seal: PostgreSQL
 * reports a serialization failure then, but H2 at SERIALIZABLE does not, even if the seal was the
 * first statement. Commit the seal before reading and this cannot happen on any database.
 *
 * <p><b>The table.</b> Its primary key is what makes the first admission of a resource safe. Never
 * delete a row or lower a mark while an old token may still be under way. A collation that takes
 * different names as equal gives them one mark: nothing stale gets in, but holders of one may
 * refuse those of the other, so prefer a binary one. The driver must count rows that an UPDATE
 * matched, as JDBC drivers do unless told otherwise (MySQL: {@code useAffectedRows} stays false).
 *
 * <p>Thread-safe, since it keeps nothing but the table's name; a {@link Connection} is used by one
 * thread at a time. Does I/O on the given connection only, on the calling thread. Statements wait
 * for a row lock as long as the database is configured to.
 */
public final class JdbcFencingGuard {
  private static final Pattern TABLE =
      Pattern.compile("[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)?");

  /*
   * Two are enough when another transaction inserts the row first: one loses, the next finds it.
   * More are needed only if rows are deleted meanwhile, and no number helps if this transaction's
   * snapshot hides the row.
   */
  private static final int MAX_ATTEMPTS = 4;

  private static final String INTEGRITY_VIOLATION_CLASS = "23";
  private static final String SERIALIZATION_FAILURE = "40001";

  private final String table;

  private JdbcFencingGuard(String table) {
    this.table = table;
  }

  /**
   * Returns a guard that keeps its marks in the given table. Does no I/O; the table may be created
   * later.
   *
   * @param table the table's name, with its schema's name and a dot in front where needed; each is
   *     of ASCII letters, digits and underscores and does not begin with a digit, since it becomes
   *     part of the SQL text
   * @return the guard
   * @throws IllegalArgumentException if the name has any other form
   */
  public static JdbcFencingGuard onTable(String table) {
    if (!TABLE.matcher(table).matches()) {
      throw new IllegalArgumentException(
          "a table's name is letters, digits and underscores, not beginning with a digit, with at"
              + " most one schema in front (as in 'app.tenure_fence'), but this is '"
              + table
              + "'");
    }
    return new JdbcFencingGuard(table);
  }

  /**
   * Returns the statement that creates the table, for a schema migration.
   *
   * @return one statement of portable SQL, without a semicolon
   */
  public String createTableSql() {
    return "CREATE TABLE " + table + columns();
  }

  /**
   * Creates the table unless it exists. Replicas may do so at the same time, and one that has no
   * right to create tables may call it when the table is there.
   *
   * <p>Does I/O. It needs autocommit, because many databases commit a running transaction when a
   * table is created.
   *
   * @param connection a connection in autocommit mode
   * @throws IllegalStateException if the connection is in a transaction of the caller
   * @throws SQLException if the database refuses
   */
  public void createTable(Connection connection) throws SQLException {
    if (!connection.getAutoCommit()) {
      throw new IllegalStateException(
          "creating a table ends the running transaction in many databases: use a connection in"
              + " autocommit mode");
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE IF NOT EXISTS " + table + columns());
    } catch (SQLException e) {
      /* The second of two concurrent IF NOT EXISTS may fail on PostgreSQL, with the table there. */
      if (!exists(connection, e)) {
        throw e;
      }
    }
  }

  /**
   * Raises the mark of a resource, so that everything older is refused from now on. A new holder
   * calls it before it reads what it is going to change.
   *
   * <p>It waits until every transaction that admitted this resource before has ended, so what is
   * read after it has all of their writes: at READ COMMITTED already in the same transaction, at
   * stronger levels once the seal was committed. To the table it does just what {@link #admit}
   * does. Does I/O.
   *
   * @param tx a connection with autocommit off
   * @param resource the resource's name, 1 to 255 bytes in UTF-8, no control characters
   * @param token the new holder's token
   * @throws StaleTokenException if the resource has seen a newer token
   * @throws IllegalArgumentException if the name is not allowed
   * @throws IllegalStateException if the connection is in autocommit mode
   * @throws SQLException if the database refuses; roll back, and whether trying again can help is
   *     told by its SQLState
   */
  public void seal(Connection tx, String resource, FencingToken token) throws SQLException {
    raise(tx, resource, token);
  }

  /**
   * Raises the mark of a resource and locks it until the caller's transaction ends, or refuses the
   * token. Writes that follow in the same transaction are covered.
   *
   * <p>A token equal to the mark is admitted. If the transaction that admitted a newer token is
   * rolled back, the mark falls back with it and the older token is admitted again, since nothing
   * of the newer one was applied. Does I/O.
   *
   * @param tx a connection with autocommit off, which the write will use too
   * @param resource the resource's name, 1 to 255 bytes in UTF-8, no control characters
   * @param token the token that came with the request
   * @throws StaleTokenException if the resource has seen a newer token
   * @throws IllegalArgumentException if the name is not allowed
   * @throws IllegalStateException if the connection is in autocommit mode
   * @throws SQLException if the database refuses; roll back, and whether trying again can help is
   *     told by its SQLState
   */
  public void admit(Connection tx, String resource, FencingToken token) throws SQLException {
    raise(tx, resource, token);
  }

  /**
   * Returns the newest token that a resource has seen, as far as this connection can see.
   *
   * <p>It is for people and tests: it takes no lock, and what it tells may be old when it returns.
   * Does I/O.
   *
   * @param connection a connection, in either mode
   * @param resource the resource's name, 1 to 255 bytes in UTF-8, no control characters
   * @return the mark, or empty if no token was admitted or sealed yet
   * @throws IllegalArgumentException if the name is not allowed
   * @throws SQLException if the database refuses
   */
  public Optional<FencingToken> highWaterMark(Connection connection, String resource)
      throws SQLException {
    ResourceNames.check(resource);
    return readMark(connection, resource).filter(mark -> mark > 0).map(FencingToken::of);
  }

  private void raise(Connection tx, String resource, FencingToken token) throws SQLException {
    ResourceNames.check(resource);
    Objects.requireNonNull(token, "token");
    if (tx.getAutoCommit()) {
      throw new IllegalStateException(
          "the lock on the resource's row must last until the caller commits: call"
              + " setAutoCommit(false) first, and write and commit on the same connection");
    }
    Optional<SQLException> lostRace = Optional.empty();
    for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      if (update(tx, resource, token)) {
        return;
      }
      Optional<Long> mark = readMark(tx, resource);
      if (mark.isPresent() && mark.get() > token.value()) {
        throw new StaleTokenException(resource, token, FencingToken.of(mark.get()));
      }
      if (mark.isEmpty()) {
        lostRace = insert(tx, resource, token);
        if (lostRace.isEmpty()) {
          return;
        }
      }
    }
    throw new SQLTransactionRollbackException(
        "this transaction does not see the current mark of resource '"
            + resource
            + "' in "
            + table
            + ", which another one has set since it began: roll back and run it again",
        SERIALIZATION_FAILURE,
        lostRace.orElse(null));
  }

  /* Writes an equal token too: that takes the lock, and makes snapshot isolation see a conflict. */
  private boolean update(Connection tx, String resource, FencingToken token) throws SQLException {
    try (PreparedStatement update =
        tx.prepareStatement(
            "UPDATE " + table + " SET token = ? WHERE resource = ? AND token <= ?")) {
      update.setLong(1, token.value());
      update.setString(2, resource);
      update.setLong(3, token.value());
      return update.executeUpdate() > 0;
    }
  }

  /*
   * Empty when the row is ours, else the violation that says that another transaction inserted it.
   * PostgreSQL takes no further statement after an error, except back to a savepoint. It is not
   * released, since Oracle and SQL Server cannot; it ends with the transaction.
   */
  private Optional<SQLException> insert(Connection tx, String resource, FencingToken token)
      throws SQLException {
    Savepoint beforeInsert = tx.setSavepoint();
    try (PreparedStatement insert =
        tx.prepareStatement("INSERT INTO " + table + " (resource, token) VALUES (?, ?)")) {
      insert.setString(1, resource);
      insert.setLong(2, token.value());
      insert.executeUpdate();
      return Optional.empty();
    } catch (SQLException e) {
      if (!isIntegrityViolation(e)) {
        throw e;
      }
      tx.rollback(beforeInsert);
      return Optional.of(e);
    }
  }

  private Optional<Long> readMark(Connection connection, String resource) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("SELECT token FROM " + table + " WHERE resource = ?")) {
      select.setString(1, resource);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? Optional.of(row.getLong(1)) : Optional.empty();
      }
    }
  }

  private boolean exists(Connection connection, SQLException whyAsked) {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT resource, token FROM " + table + " WHERE 1 = 0");
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

  private static String columns() {
    return " (resource VARCHAR("
        + ResourceNames.MAX_BYTES
        + ") NOT NULL PRIMARY KEY, token BIGINT NOT NULL)";
  }
}

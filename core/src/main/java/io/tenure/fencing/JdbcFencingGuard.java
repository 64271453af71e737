package io.tenure.fencing;

import io.tenure.FencingToken;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.util.Objects;
import java.util.Optional;

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
 * passed on untouched: the caller rolls back, pauses for a short random time, and runs the whole
 * transaction again. They come above READ COMMITTED, and on MariaDB and MySQL also at it when
 * several transactions are the first to ask for a resource. From REPEATABLE READ on, a transaction
 * may read a snapshot that is older than its own seal: PostgreSQL reports a serialization failure
 * then, but H2 at SERIALIZABLE does not, even if the seal was the first statement. Commit the seal
 * before reading and this cannot happen on any database.
 *
 * <p><b>The table.</b> Its primary key is what makes the first admission of a resource safe. Never
 * delete a row or lower a mark while an old token may still be under way. Names are to be compared
 * exactly: a collation that takes different names as equal gives them one mark and one sequence, so
 * that holders of one refuse those of the other, and a write of one may be taken for a repeated one
 * of the other. {@link #createTable} makes the column VARBINARY on MySQL and MariaDB for that. The
 * driver must count rows that an UPDATE matched, as JDBC drivers do unless told otherwise (MySQL:
 * {@code useAffectedRows} stays false).
 *
 * <p>Thread-safe, since it keeps nothing but the table's name; a {@link Connection} is used by one
 * thread at a time. Does I/O on the given connection only, on the calling thread. Statements wait
 * for a row lock as long as the database is configured to.
 */
public final class JdbcFencingGuard {
  /*
   * Two are enough when another transaction inserts the row first: one loses, the next finds it.
   * More are needed only if rows are deleted meanwhile, and no number helps if this transaction's
   * snapshot hides the row.
   */
  private static final int MAX_ATTEMPTS = 4;

  private final FenceTable table;

  private JdbcFencingGuard(FenceTable table) {
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
    return new JdbcFencingGuard(new FenceTable(Sql.checkTable(table)));
  }

  /**
   * Returns the statement that creates the table, for a schema migration.
   *
   * @return one statement of portable SQL, without a semicolon; for MySQL and MariaDB put {@code
   *     VARBINARY} in place of {@code VARCHAR}
   */
  public String createTableSql() {
    return table.createSql();
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
    table.createUnlessExists(connection);
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
    raise(tx, resource, token, HighWaterMark.NO_SEQUENCE);
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
    raise(tx, resource, token, HighWaterMark.NO_SEQUENCE);
  }

  /**
   * Raises the mark and tells whether to apply a write that carries a number, or refuses the token:
   * a request that was sent again or duplicated on its way is applied at most once, and exactly
   * once if its sender goes on until it is told.
   *
   * <pre>{@code
   * if (guard.admitOnce(tx, "accounts/42", token, sequence) == Admission.APPLY) {
   *   debit(tx);
   * }
   * tx.commit();
   * }</pre>
   *
   * <p>The sender numbers the writes of one resource under one token, upwards from 1, and gives a
   * write that it sends again the same number. A new token begins anew. The number is committed or
   * rolled back together with the write, so {@link Admission#APPLIED_BEFORE} means that the write
   * is committed (or was made earlier in this same transaction). {@link #admit} and {@link #seal}
   * with an equal token do not change the number. Only after {@link Admission#APPLY} is the row
   * locked. Does I/O.
   *
   * @param tx a connection with autocommit off, which the write will use too
   * @param resource the resource's name, 1 to 255 bytes in UTF-8, no control characters
   * @param token the token that came with the request
   * @param sequence the request's number, greater than 0
   * @return whether to apply the write now, and if not, why
   * @throws StaleTokenException if the resource has seen a newer token
   * @throws IllegalArgumentException if the name or the sequence is not allowed
   * @throws IllegalStateException if the connection is in autocommit mode
   * @throws SQLException if the database refuses; roll back, and whether trying again can help is
   *     told by its SQLState
   */
  public Admission admitOnce(Connection tx, String resource, FencingToken token, long sequence)
      throws SQLException {
    return raise(tx, resource, token, HighWaterMark.checkSequence(sequence));
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
    return table
        .read(connection, resource)
        .map(FenceTable.Row::token)
        .filter(mark -> mark > 0)
        .map(FencingToken::of);
  }

  private Admission raise(Connection tx, String resource, FencingToken token, long sequence)
      throws SQLException {
    ResourceNames.check(resource);
    Objects.requireNonNull(token, "token");
    if (tx.getAutoCommit()) {
      throw new IllegalStateException(
          "the lock on the resource's row must last until the caller commits: call"
              + " setAutoCommit(false) first, and write and commit on the same connection");
    }
    Optional<SQLException> lostRace = Optional.empty();
    for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      if (table.raise(tx, resource, token, sequence)) {
        return Admission.APPLY;
      }
      Optional<FenceTable.Row> row = table.read(tx, resource);
      if (row.isEmpty()) {
        lostRace = table.insert(tx, resource, token, sequence);
        if (lostRace.isEmpty()) {
          return Admission.APPLY;
        }
        continue;
      }
      /* Even an old snapshot can refuse: a mark is never lowered. */
      long mark = row.get().token();
      if (mark > token.value()) {
        throw new StaleTokenException(resource, token, FencingToken.of(mark));
      }
      if (mark == token.value()
          && sequence != HighWaterMark.NO_SEQUENCE
          && sequence <= row.get().sequence()) {
        return HighWaterMark.notAgain(sequence, row.get().sequence());
      }
    }
    throw new SQLTransactionRollbackException(
        "this transaction does not see the current mark of resource '"
            + resource
            + "' in "
            + table.name()
            + ", which another one has set since it began: roll back and run it again",
        Sql.SERIALIZATION_FAILURE,
        lostRace.orElse(null));
  }
}

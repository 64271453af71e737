package io.tenure.fencing;

import io.tenure.FencingToken;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * A guard that is a column of the user's own table: each row carries the greatest token that wrote
 * it, and one UPDATE checks, writes and raises it.
 *
 * <pre>{@code
 * FenceColumn fence = FenceColumn.of("account", "fence");
 * fence.update(connection, lease.token(),
 *     FenceColumn.part("balance = ?", 100), FenceColumn.part("id = ?", 42));
 * // UPDATE account SET balance = ?, fence = ? WHERE (id = ?) AND fence <= ?
 * }</pre>
 *
 * <p>After a row was written or sealed with a token, no update by this type with a smaller one
 * changes it. It takes one statement and no row elsewhere, so it also works in autocommit mode. It
 * guards the rows that exist, each for itself: seal them before reading, and let whoever inserts a
 * row put its own token into the column. Whoever writes the table without the condition is not
 * guarded against. It does not tell a retry from a second write; for that, see {@link
 * JdbcFencingGuard#admitOnce}.
 *
 * <p>READ COMMITTED or stronger. In a transaction, a database's own refusals (serialization
 * failure, deadlock) are passed on for the caller to roll back and run it again.
 *
 * <p>Thread-safe, since it keeps nothing but the names. Does I/O on the given connection only.
 */
public final class FenceColumn {
  private final String table;
  private final String column;

  private FenceColumn(String table, String column) {
    this.table = table;
    this.column = column;
  }

  /**
   * A piece of SQL with the values of its parameters.
   *
   * @param sql text with a question mark for each value; it becomes part of the statement as it is,
   *     so it never comes from outside the program
   * @param values in order
   */
  public record Part(String sql, List<Object> values) {
    /** Copies the values. */
    public Part {
      Objects.requireNonNull(sql, "sql");
      values = List.copyOf(values);
    }
  }

  /**
   * Returns the guard of a table with a fence column. Does no I/O.
   *
   * @param table the table's name, with its schema's name and a dot in front where needed
   * @param column the column's name
   * @return the guard
   * @throws IllegalArgumentException if a name is more than letters, digits and underscores
   */
  public static FenceColumn of(String table, String column) {
    return new FenceColumn(Sql.checkTable(table), Sql.checkColumn(column));
  }

  /**
   * Makes a piece of SQL, for the assignments or for the condition.
   *
   * @param sql text with a question mark for each value, never from outside the program
   * @param values in order
   * @return the piece
   */
  public static Part part(String sql, Object... values) {
    return new Part(sql, List.of(values));
  }

  /**
   * Returns the statement that adds the column to the table, for a schema migration. Rows that are
   * there get 0, which any token may overwrite.
   *
   * @return one statement of portable SQL, without a semicolon
   */
  public String addColumnSql() {
    return "ALTER TABLE " + table + " ADD " + column + " BIGINT DEFAULT 0 NOT NULL";
  }

  /**
   * Returns the guarded UPDATE, for use with any other library. Its parameters are those of the
   * assignments, the token, those of the condition, and the token again. If it changes no row, the
   * row is missing or has a newer token.
   *
   * @param assignments as in {@code balance = ?}
   * @param condition as in {@code id = ?}
   * @return one statement of portable SQL, without a semicolon
   */
  public String updateSql(String assignments, String condition) {
    return "UPDATE "
        + table
        + " SET "
        + assignments
        + ", "
        + column
        + " = ? WHERE ("
        + condition
        + ") AND "
        + column
        + " <= ?";
  }

  /**
   * Changes a row and raises its fence, or refuses the token, in one statement.
   *
   * <p>The condition names one row by its key. If it matches several, those with a newer token stay
   * as they are and the others are changed; the token is refused only if none was.
   *
   * @param connection a connection, in either mode
   * @param token the token of the holder who writes
   * @param assignments what to set
   * @param condition which row
   * @return how many rows were changed, 0 if none matches the condition
   * @throws StaleTokenException if the row has a newer token; nothing was changed
   * @throws SQLException if the database refuses
   */
  public int update(Connection connection, FencingToken token, Part assignments, Part condition)
      throws SQLException {
    return run(
        connection,
        updateSql(assignments.sql(), condition.sql()),
        assignments.values(),
        token,
        condition);
  }

  /**
   * Raises the fence of a row and changes nothing else, so that everything older is refused from
   * now on. A new holder calls it, and commits, before it reads what it is going to change.
   *
   * @param connection a connection, in either mode
   * @param token the new holder's token
   * @param condition which row
   * @return how many rows were sealed, 0 if none matches the condition
   * @throws StaleTokenException if the row has a newer token
   * @throws SQLException if the database refuses
   */
  public int seal(Connection connection, FencingToken token, Part condition) throws SQLException {
    String sql =
        "UPDATE %s SET %s = ? WHERE (%s) AND %s <= ?"
            .formatted(table, column, condition.sql(), column);
    return run(connection, sql, List.of(), token, condition);
  }

  private int run(
      Connection connection, String sql, List<Object> assigned, FencingToken token, Part condition)
      throws SQLException {
    List<Object> parameters = new ArrayList<>(assigned);
    parameters.add(token.value());
    parameters.addAll(condition.values());
    parameters.add(token.value());
    int changed = Sql.update(connection, sql, parameters);
    if (changed == 0) {
      explain(connection, token, condition);
    }
    return changed;
  }

  private void explain(Connection connection, FencingToken token, Part condition)
      throws SQLException {
    String sql = "SELECT MAX(%s) FROM %s WHERE (%s)".formatted(column, table, condition.sql());
    OptionalLong newest;
    try (PreparedStatement select = Sql.prepare(connection, sql, condition.values());
        ResultSet row = select.executeQuery()) {
      row.next();
      long value = row.getLong(1);
      newest = row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
    }
    if (newest.isEmpty()) {
      return;
    }
    if (newest.getAsLong() > token.value()) {
      throw new StaleTokenException(
          table + "." + column, token, FencingToken.of(newest.getAsLong()));
    }
    throw new SQLTransactionRollbackException(
        "this transaction does not see the current row of "
            + table
            + ", which another one has changed since it began: roll back and run it again",
        Sql.SERIALIZATION_FAILURE);
  }
}

package io.tenure.fencing;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Pattern;

/** What the guards share about SQL: names that become part of its text, and parameters. */
final class Sql {
  /** What a database answers, and we do, when a transaction must be run again. */
  static final String SERIALIZATION_FAILURE = "40001";

  private static final String NAME = "[A-Za-z_][A-Za-z0-9_]*";
  private static final Pattern COLUMN = Pattern.compile(NAME);
  private static final Pattern TABLE = Pattern.compile("(" + NAME + "\\.)?" + NAME);

  private Sql() {}

  static String checkTable(String table) {
    if (!TABLE.matcher(table).matches()) {
      throw new IllegalArgumentException(
          "a table's name is letters, digits and underscores, not beginning with a digit, with at"
              + " most one schema in front (as in 'app.tenure_fence'), but this is '"
              + table
              + "'");
    }
    return table;
  }

  static String checkColumn(String column) {
    if (!COLUMN.matcher(column).matches()) {
      throw new IllegalArgumentException(
          "a column's name is letters, digits and underscores, not beginning with a digit, but this"
              + " is '"
              + column
              + "'");
    }
    return column;
  }

  /** Prepares a statement and sets its parameters; the caller closes it. */
  static PreparedStatement prepare(Connection connection, String sql, List<?> parameters)
      throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    try {
      for (int i = 0; i < parameters.size(); i++) {
        statement.setObject(i + 1, parameters.get(i));
      }
      return statement;
    } catch (SQLException e) {
      statement.close();
      throw e;
    }
  }

  static int update(Connection connection, String sql, List<?> parameters) throws SQLException {
    try (PreparedStatement statement = prepare(connection, sql, parameters)) {
      return statement.executeUpdate();
    }
  }
}

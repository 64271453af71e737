package io.tenure.fencing;

import static io.tenure.fencing.FencedDatabase.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.tenure.FencingToken;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The table that the guard keeps its marks in, and its name. */
class JdbcFencingTableTest {
  private Connection connection;

  @BeforeEach
  void open() throws SQLException {
    connection = DriverManager.getConnection("jdbc:h2:mem:");
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  @Test
  void createsTheTableOnceHoweverOftenItIsAsked() throws SQLException {
    JdbcFencingGuard guard = JdbcFencingGuard.onTable("tenure_fence");
    guard.createTable(connection);
    admit(guard);
    guard.createTable(connection);
    assertThat(guard.highWaterMark(connection, "r")).contains(FencingToken.of(1));
  }

  @Test
  void givesTheStatementForASchemaMigration() throws SQLException {
    JdbcFencingGuard guard = JdbcFencingGuard.onTable("tenure_fence");
    assertThat(guard.createTableSql())
        .isEqualTo(
            "CREATE TABLE tenure_fence (resource VARCHAR(255) NOT NULL PRIMARY KEY, token BIGINT"
                + " NOT NULL, last_sequence BIGINT DEFAULT 0 NOT NULL)");
    execute(connection, guard.createTableSql());
    admit(guard);
  }

  @Test
  void livesInAnotherSchemaWhenItsNameSaysSo() throws SQLException {
    execute(connection, "CREATE SCHEMA app");
    JdbcFencingGuard guard = JdbcFencingGuard.onTable("app.tenure_fence");
    guard.createTable(connection);
    admit(guard);
    assertThat(guard.highWaterMark(connection, "r")).contains(FencingToken.of(1));
  }

  @Test
  void refusesToCreateTheTableInsideATransaction() throws SQLException {
    connection.setAutoCommit(false);
    assertThatIllegalStateException()
        .isThrownBy(() -> JdbcFencingGuard.onTable("tenure_fence").createTable(connection))
        .withMessage(
            "creating a table ends the running transaction in many databases: use a connection in"
                + " autocommit mode");
  }

  @Test
  void isContentWithATableThatExistsWhenItMayNotCreateOne() throws SQLException {
    String url = "jdbc:h2:mem:" + UUID.randomUUID();
    JdbcFencingGuard guard = JdbcFencingGuard.onTable("tenure_fence");
    try (Connection owner = DriverManager.getConnection(url)) {
      execute(owner, "CREATE USER app PASSWORD ''");
      try (Connection app = DriverManager.getConnection(url, "app", "")) {
        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> guard.createTable(app));
        execute(owner, guard.createTableSql());
        execute(owner, "GRANT SELECT ON tenure_fence TO app");
        assertThatExceptionOfType(SQLException.class)
            .isThrownBy(() -> execute(app, "CREATE TABLE IF NOT EXISTS tenure_fence (a INT)"));
        guard.createTable(app);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "MySQL, BINARY VARYING",
    "MariaDB, BINARY VARYING",
    "PostgreSQL, CHARACTER VARYING",
    "H2, CHARACTER VARYING"
  })
  void comparesNamesAsBytesWhereTheDatabaseFoldsText(String product, String type)
      throws SQLException {
    JdbcFencingGuard.onTable("tenure_fence")
        .createTable(WatchedConnection.called(product, connection));
    try (ResultSet column =
        connection.getMetaData().getColumns(null, null, "TENURE_FENCE", "RESOURCE")) {
      assertThat(column.next()).isTrue();
      assertThat(column.getString("TYPE_NAME")).isEqualTo(type);
    }
  }

  @Test
  void reportsThatTheTableCouldNotBeCreated() {
    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(() -> JdbcFencingGuard.onTable("missing.tenure_fence").createTable(connection))
        .withMessageContaining("MISSING")
        .satisfies(e -> assertThat(e.getSuppressed()).as("nor was it there").hasSize(1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "a b",
        "a-b",
        "a.b.c",
        ".a",
        "a.",
        "1a",
        "a;",
        "a\n",
        "\"a\"",
        "tenure_fence; DROP TABLE accounts",
        "tenure_fence/**/",
        "tenure_fence--",
        "a'",
        "tablé",
        "a\u0000"
      })
  void refusesATableNameThatIsMoreThanAName(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> JdbcFencingGuard.onTable(name))
        .withMessageStartingWith("a table's name is letters, digits and underscores")
        .withMessageEndingWith("but this is '" + name + "'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "_fence", "Fence_2", "app.fence", "_app._fence9"})
  void allowsAPlainTableName(String name) {
    assertThat(JdbcFencingGuard.onTable(name).createTableSql()).contains(" " + name + " (");
  }

  private void admit(JdbcFencingGuard guard) throws SQLException {
    connection.setAutoCommit(false);
    guard.admit(connection, "r", FencingToken.of(1));
    connection.commit();
    connection.setAutoCommit(true);
  }
}

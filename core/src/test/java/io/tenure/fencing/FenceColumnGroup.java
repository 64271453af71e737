package io.tenure.fencing;

import static io.tenure.fencing.FenceColumn.part;
import static io.tenure.fencing.FencedDatabase.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tenure.FencingToken;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A fence column in a table of the user's own. */
abstract class FenceColumnGroup extends DatabaseGroup {
  private static final FenceColumn FENCE = FenceColumn.of("account", "fence");
  private static final FenceColumn.Part ACCOUNT_42 = part("id = ?", 42);

  FenceColumnGroup(JdbcFencingContract contract) {
    super(contract);
  }

  @BeforeEach
  void createAccounts() throws SQLException {
    try (Connection connection = database.connect()) {
      execute(connection, "CREATE TABLE account (id INT PRIMARY KEY, balance INT NOT NULL)");
      execute(connection, "INSERT INTO account (id, balance) VALUES (42, 1000)");
      execute(connection, FENCE.addColumnSql());
    }
  }

  @Test
  void anyTokenMayWriteARowFromBeforeTheColumn() throws SQLException {
    assertThat(setBalance(1, 900)).isEqualTo(1);
    assertThat(account()).isEqualTo("900 by 1");
  }

  @Test
  void refusesAnOlderTokenAndChangesNothing() throws SQLException {
    setBalance(2, 900);
    assertThatExceptionOfType(StaleTokenException.class)
        .isThrownBy(() -> setBalance(1, 800))
        .satisfies(
            refusal -> {
              assertThat(refusal.resource()).isEqualTo("account.fence");
              assertThat(refusal.presented()).isEqualTo(FencingToken.of(1));
              assertThat(refusal.highWaterMark()).isEqualTo(FencingToken.of(2));
            });
    assertThat(setBalance(2, 700)).isEqualTo(1);
    assertThat(account()).isEqualTo("700 by 2");
  }

  @Test
  void refusesTheOldWriteFromTheSealOn() throws SQLException {
    setBalance(1, 900);
    try (Connection connection = database.connect()) {
      assertThat(FENCE.seal(connection, FencingToken.of(2), ACCOUNT_42)).isEqualTo(1);
    }
    assertThatExceptionOfType(StaleTokenException.class).isThrownBy(() -> setBalance(1, 800));
    assertThat(account()).isEqualTo("900 by 2");
  }

  @Test
  void tellsAMissingRowFromARefusal() throws SQLException {
    try (Connection connection = database.connect()) {
      assertThat(
              FENCE.update(
                  connection, FencingToken.of(1), part("balance = ?", 1), part("id = ?", 43)))
          .isZero();
    }
  }

  @Test
  void keepsItsConditionTogetherWhateverItsOperators() throws SQLException {
    setBalance(2, 900);
    try (Connection connection = database.connect()) {
      assertThatExceptionOfType(StaleTokenException.class)
          .isThrownBy(
              () ->
                  FENCE.update(
                      connection,
                      FencingToken.of(1),
                      part("balance = balance - ?", 100),
                      part("id = ? OR id = ?", 42, 43)));
    }
    assertThat(account()).isEqualTo("900 by 2");
  }

  @ParameterizedTest(name = "isolation level {0}")
  @ValueSource(ints = {Connection.TRANSACTION_READ_COMMITTED, Connection.TRANSACTION_SERIALIZABLE})
  void racedByManyEndsWithTheGreatestTokensWrite(int isolation) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Long> tokens = new ArrayList<>();
      for (long token = 1; token <= 40; token++) {
        tokens.add(token);
      }
      Collections.shuffle(tokens, new Random(7));
      List<Future<?>> writes = new ArrayList<>();
      for (long token : tokens) {
        writes.add(threads.submit(() -> setBalanceInTransaction(isolation, token)));
      }
      for (Future<?> write : writes) {
        write.get(30, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(account()).isEqualTo("40 by 40");
  }

  @Test
  void anOldSnapshotDoesNotLetAStaleTokenInAndTheRetryIsRefused() throws SQLException {
    try (Connection old = database.begin(server().snapshotIsolation())) {
      assertThat(account(old)).isEqualTo("1000 by 0"); // takes the snapshot
      setBalance(2, 900);
      assertThatExceptionOfType(SQLException.class)
          .isThrownBy(() -> setBalance(old, 1, 800))
          .satisfies(
              failure ->
                  assertThat(FencedDatabase.isSerializationFailure(failure))
                      .as(failure.getSQLState())
                      .isTrue());
      old.rollback();
      assertThatExceptionOfType(StaleTokenException.class)
          .isThrownBy(() -> setBalance(old, 1, 800));
    }
    assertThat(account()).isEqualTo("900 by 2");
  }

  @Test
  void anOldSnapshotThatShowsTheSameTokenProvesNothingEither() throws SQLException {
    setBalance(1, 950);
    try (Connection old = database.begin(server().snapshotIsolation())) {
      assertThat(account(old)).isEqualTo("950 by 1");
      setBalance(2, 900);
      assertThatExceptionOfType(SQLException.class)
          .isThrownBy(() -> setBalance(old, 1, 800))
          .satisfies(
              failure ->
                  assertThat(FencedDatabase.isSerializationFailure(failure))
                      .as(failure.getSQLState())
                      .isTrue());
      old.rollback();
    }
    assertThat(account()).isEqualTo("900 by 2");
  }

  private boolean setBalanceInTransaction(int isolation, long token) throws SQLException {
    try (Connection connection = database.begin(isolation)) {
      FencedDatabase.commit(connection, tx -> setBalance(tx, token, (int) token));
      return true;
    } catch (StaleTokenException e) {
      return false;
    }
  }

  private int setBalance(long token, int balance) throws SQLException {
    try (Connection connection = database.connect()) {
      return setBalance(connection, token, balance);
    }
  }

  private static int setBalance(Connection connection, long token, int balance)
      throws SQLException {
    return FENCE.update(
        connection, FencingToken.of(token), part("balance = ?", balance), ACCOUNT_42);
  }

  private String account() throws SQLException {
    try (Connection connection = database.connect()) {
      return account(connection);
    }
  }

  private static String account(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT balance, fence FROM account WHERE id = 42")) {
      row.next();
      return row.getInt(1) + " by " + row.getLong(2);
    }
  }
}

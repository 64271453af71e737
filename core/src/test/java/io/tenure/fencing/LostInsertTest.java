package io.tenure.fencing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tenure.FencingToken;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLTransactionRollbackException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The first admission of a resource, when its row cannot be inserted. */
class LostInsertTest {
  private static final String NAME = "accounts/42";
  private static final FencingToken TOKEN = FencingToken.of(5);

  private FencedDatabase database;

  @BeforeEach
  void open() throws SQLException {
    database = FencedDatabase.on(new H2Server());
  }

  @AfterEach
  void close() throws SQLException {
    database.close();
  }

  private WatchedConnection failingToInsert(WatchedConnection.Fault fault) throws SQLException {
    Connection tx = database.begin();
    return new WatchedConnection(
        tx,
        step -> {
          if (step.equals("INSERT")) {
            fault.before(step);
          }
        });
  }

  @Test
  void aRowThatAnotherHasInsertedIsFoundWhateverTheDriverCallsTheViolation() throws SQLException {
    SQLException[] violations = {
      new SQLException("without a type", "23505"),
      new SQLIntegrityConstraintViolationException("without a state")
    };
    for (int i = 0; i < violations.length; i++) {
      String name = NAME + i;
      SQLException violation = violations[i];
      try (Connection tx =
          failingToInsert(
                  step -> {
                    database.commitAdmitted(name, 4);
                    throw violation;
                  })
              .proxy()) {
        FencedDatabase.GUARD.admit(tx, name, TOKEN);
        tx.commit();
      }
      assertThat(database.mark(name)).contains(TOKEN);
    }
  }

  @Test
  void anyOtherFailureIsPassedOnAsItIs() throws SQLException {
    for (String state : new String[] {"42000", null}) {
      SQLException failure = new SQLException("for this test", state);
      WatchedConnection watched =
          failingToInsert(
              step -> {
                throw failure;
              });
      try (Connection tx = watched.proxy()) {
        assertThatExceptionOfType(SQLException.class)
            .isThrownBy(() -> FencedDatabase.GUARD.admit(tx, NAME, TOKEN))
            .isSameAs(failure);
      }
      assertThat(watched.steps).doesNotContain("rollback to savepoint");
    }
  }

  @Test
  void aRowThatCanNeitherBeSeenNorInsertedEndsTheFourthAttempt() throws SQLException {
    SQLException violation = new SQLException("for this test", "23505");
    WatchedConnection watched =
        failingToInsert(
            step -> {
              throw violation;
            });
    try (Connection tx = watched.proxy()) {
      assertThatExceptionOfType(SQLTransactionRollbackException.class)
          .isThrownBy(() -> FencedDatabase.GUARD.admit(tx, NAME, TOKEN))
          .withCause(violation)
          .satisfies(e -> assertThat(e.getSQLState()).isEqualTo(Sql.SERIALIZATION_FAILURE));
    }
    assertThat(watched.steps.stream().filter("INSERT"::equals)).hasSize(4);
  }
}

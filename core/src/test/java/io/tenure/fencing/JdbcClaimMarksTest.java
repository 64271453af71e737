package io.tenure.fencing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tenure.FencingToken;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Queue;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.AbstractDataSource;

/** How marks of claims run their transactions, and what they do when those fail. */
class JdbcClaimMarksTest {
  private static final String NAME = "accounts/42";

  private final List<String> steps = new ArrayList<>();

  /** What the next commits fail with; they are tried no further then. */
  private final Queue<SQLException> failedCommits = new ArrayDeque<>();

  private final Queue<SQLException> failedRollbacks = new ArrayDeque<>();
  private FencedDatabase database;

  @BeforeEach
  void open() throws SQLException {
    database = FencedDatabase.on(new H2Server());
  }

  @AfterEach
  void close() throws SQLException {
    database.close();
  }

  /** Connections as a pool would give them, in this mode. */
  private ClaimMarks marks(boolean autoCommit) {
    DataSource source =
        new AbstractDataSource() {
          @Override
          public Connection getConnection() throws SQLException {
            Connection connection = database.connect();
            connection.setAutoCommit(autoCommit);
            WatchedConnection watched =
                new WatchedConnection(
                    connection,
                    step -> {
                      steps.add(step);
                      failPlanned(step);
                    });
            return watched.proxy();
          }

          @Override
          public Connection getConnection(String user, String password) {
            throw new UnsupportedOperationException();
          }
        };
    return ClaimMarks.inDatabase(FencedDatabase.GUARD, source);
  }

  private void failPlanned(String step) throws SQLException {
    Queue<SQLException> planned =
        switch (step) {
          case "commit" -> failedCommits;
          case "rollback" -> failedRollbacks;
          default -> new ArrayDeque<>();
        };
    if (!planned.isEmpty()) {
      throw planned.remove();
    }
  }

  private static FencingClaim claim(long token) {
    return new FencingClaim(NAME, "a", FencingToken.of(token), OptionalLong.empty());
  }

  private List<String> ends() {
    return steps.stream().filter(step -> step.equals("commit") || step.equals("rollback")).toList();
  }

  @Test
  void aClaimIsCommittedAndTheConnectionGivenBackAsItCame() throws Exception {
    assertThat(marks(true).admit(claim(5))).isEqualTo(Admission.APPLY);

    assertThat(steps).startsWith("autocommit false").endsWith("commit", "autocommit true", "close");
    assertThat(database.mark(NAME)).contains(FencingToken.of(5));
  }

  @Test
  void aConnectionOfAPoolWithoutAutocommitGoesBackWithoutIt() throws Exception {
    marks(false).admit(claim(5));

    assertThat(steps).endsWith("commit", "autocommit false", "close");
  }

  @Test
  void aClaimWithoutANumberMayComeAgainAndOneWithANumberMayNot() throws Exception {
    ClaimMarks marks = marks(true);

    assertThat(marks.admit(claim(5))).isEqualTo(Admission.APPLY);
    assertThat(marks.admit(claim(5))).isEqualTo(Admission.APPLY);
    assertThat(marks.admit(claim(5).withSequence(1))).isEqualTo(Admission.APPLY);
    assertThat(marks.admit(claim(5).withSequence(1))).isEqualTo(Admission.APPLIED_BEFORE);
  }

  @Test
  void aStaleClaimIsRefusedAndItsTransactionRolledBackBeforeTheConnectionGoesBack()
      throws Exception {
    marks(true).admit(claim(5));
    steps.clear();

    assertThatExceptionOfType(StaleTokenException.class)
        .isThrownBy(() -> marks(true).admit(claim(4)));

    assertThat(steps).endsWith("rollback", "autocommit true", "close");
    assertThat(ends()).containsExactly("rollback");
  }

  @Test
  void whatTheDatabaseAsksToRunAgainIsRolledBackAndRunAgain() throws Exception {
    failedCommits.add(new SQLException("for this test", "40001"));
    failedCommits.add(new SQLException("for this test", "40P01"));

    assertThat(marks(true).admit(claim(5))).isEqualTo(Admission.APPLY);

    assertThat(ends()).containsExactly("commit", "rollback", "commit", "rollback", "commit");
    assertThat(database.mark(NAME)).contains(FencingToken.of(5));
  }

  @Test
  void afterEightTransactionsTheLastFailureIsReported() throws Exception {
    for (int i = 1; i <= 8; i++) {
      failedCommits.add(new SQLException("failure " + i, "40001"));
    }

    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(() -> marks(true).admit(claim(5)))
        .withMessage("failure 8");

    assertThat(ends()).hasSize(16).endsWith("commit", "rollback");
    assertThat(database.mark(NAME)).isEmpty();
  }

  @Test
  void anyOtherFailureIsReportedAtOnce() {
    for (String state : new String[] {"08006", null}) {
      steps.clear();
      failedCommits.add(new SQLException("for this test", state));

      assertThatExceptionOfType(SQLException.class)
          .isThrownBy(() -> marks(true).admit(claim(5)))
          .withMessage("for this test");

      assertThat(ends()).containsExactly("commit", "rollback");
    }
  }

  @Test
  void aRollbackThatFailsTooIsKeptWithItsCause() {
    SQLException second = new SQLException("the second", "08006");
    failedCommits.add(new SQLException("the first", "08006"));
    failedRollbacks.add(second);

    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(() -> marks(true).admit(claim(5)))
        .withMessage("the first")
        .satisfies(e -> assertThat(e.getSuppressed()).containsExactly(second));
  }
}

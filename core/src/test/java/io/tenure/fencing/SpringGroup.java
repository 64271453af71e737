package io.tenure.fencing;

import static io.tenure.fencing.FencedDatabase.GUARD;
import static io.tenure.fencing.FencedDatabase.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.zaxxer.hikari.HikariDataSource;
import io.tenure.FencingToken;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Transactions that Spring began, on a pool of autocommit connections as it is by default. */
abstract class SpringGroup extends DatabaseGroup {
  private HikariDataSource pool;
  private JdbcTemplate jdbc;
  private TransactionTemplate transactions;

  SpringGroup(JdbcFencingContract contract) {
    super(contract);
  }

  @BeforeEach
  void start() {
    pool = Pools.of(database, 2, true);
    jdbc = new JdbcTemplate(pool);
    transactions = transactions(Connection.TRANSACTION_READ_COMMITTED);
  }

  @AfterEach
  void stop() {
    pool.close();
  }

  private TransactionTemplate transactions(int isolation) {
    TransactionTemplate template = new TransactionTemplate(new DataSourceTransactionManager(pool));
    template.setIsolationLevel(isolation);
    return template;
  }

  @ParameterizedTest(name = "isolation level {0}")
  @ValueSource(ints = {Connection.TRANSACTION_READ_COMMITTED, Connection.TRANSACTION_SERIALIZABLE})
  void admissionAndWritesOfAllKindsAreOneTransaction(int isolation) throws SQLException {
    TransactionTemplate template = transactions(isolation);
    template.executeWithoutResult(status -> admitAndWrite(1));
    template.executeWithoutResult(
        status -> {
          admitAndWrite(2);
          status.setRollbackOnly();
        });
    assertThat(database.mark(ACCOUNT)).contains(FencingToken.of(1));
    assertThat(database.ledger(ACCOUNT)).containsExactly(1L);

    template.executeWithoutResult(status -> admitAndWrite(2));
    assertThat(database.ledger(ACCOUNT)).containsExactly(1L, 2L);
  }

  @Test
  void aRefusalRollsBackWhatTheTransactionHasWrittenBefore() throws SQLException {
    database.commitAdmitted(ACCOUNT, 2);
    assertThatExceptionOfType(StaleTokenException.class)
        .isThrownBy(
            () ->
                transactions.executeWithoutResult(
                    status -> {
                      writeByTemplate("audit", 1);
                      admitAndWrite(1);
                    }));
    assertThat(database.ledger("audit")).isEmpty();
    assertThat(database.ledger(ACCOUNT)).containsExactly(2L);
  }

  @Test
  void aWriteThatComesAgainIsAppliedOnce() throws SQLException {
    for (Admission expected : List.of(Admission.APPLY, Admission.APPLIED_BEFORE)) {
      Admission admission =
          transactions.execute(
              status ->
                  jdbc.execute(
                      (ConnectionCallback<Admission>)
                          tx -> OnceGroup.applyOnce(tx, ACCOUNT, 5, 1)));
      assertThat(admission).isEqualTo(expected);
    }
    assertThat(database.ledger(ACCOUNT)).containsExactly(5L);
  }

  @Test
  void aSealInATransactionOfItsOwnStaysWhenTheOuterOneIsRolledBack() throws SQLException {
    database.commitAdmitted(ACCOUNT, 1);
    TransactionTemplate ofItsOwn = transactions(Connection.TRANSACTION_READ_COMMITTED);
    ofItsOwn.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    transactions.executeWithoutResult(
        outer -> {
          writeByTemplate("audit", 2);
          ofItsOwn.executeWithoutResult(
              status -> inTransaction(tx -> GUARD.seal(tx, ACCOUNT, FencingToken.of(2))));
          outer.setRollbackOnly();
        });
    assertThat(database.ledger("audit")).isEmpty();
    assertThat(database.mark(ACCOUNT)).contains(FencingToken.of(2));
    assertThatExceptionOfType(StaleTokenException.class)
        .isThrownBy(() -> transactions.executeWithoutResult(status -> admitAndWrite(1)));
  }

  @Test
  void aConnectionFromTheTransactionsDataSourceIsThatOfTheTransaction() throws SQLException {
    transactions.executeWithoutResult(
        status -> {
          Connection tx = DataSourceUtils.getConnection(pool);
          try {
            FencedDatabase.admitAndWrite(tx, ACCOUNT, 1);
          } catch (SQLException e) {
            throw new AssertionError(e);
          } finally {
            DataSourceUtils.releaseConnection(tx, pool);
          }
          status.setRollbackOnly();
        });
    assertThat(database.mark(ACCOUNT)).isEmpty();
    assertThat(database.ledger(ACCOUNT)).isEmpty();
  }

  @Test
  void aProxyThatKnowsTransactionsServesCodeThatKnowsNothingOfSpring() throws SQLException {
    TransactionAwareDataSourceProxy proxy = new TransactionAwareDataSourceProxy(pool);
    transactions.executeWithoutResult(
        status -> {
          try {
            try (Connection tx = proxy.getConnection()) {
              GUARD.admit(tx, ACCOUNT, FencingToken.of(1));
            }
            try (Connection tx = proxy.getConnection()) {
              write(tx, ACCOUNT, 1);
            }
          } catch (SQLException e) {
            throw new AssertionError(e);
          }
          status.setRollbackOnly();
        });
    assertThat(database.mark(ACCOUNT)).isEmpty();
    assertThat(database.ledger(ACCOUNT)).isEmpty();
  }

  @Test
  void withoutATransactionTheAdmissionIsRefused() throws SQLException {
    assertThatIllegalStateException().isThrownBy(() -> admitAndWrite(1));
    assertThatIllegalStateException()
        .isThrownBy(() -> inTransaction(tx -> GUARD.seal(tx, ACCOUNT, FencingToken.of(1))));
    assertThat(database.mark(ACCOUNT)).isEmpty();
    assertThat(database.ledger(ACCOUNT)).isEmpty();
  }

  @Test
  void aTransactionThatHasToRunAgainIsReportedAsSpringReportsIt() throws SQLException {
    database.commitAdmitted(ACCOUNT, 1);
    TransactionTemplate snapshot = transactions(server().snapshotIsolation());
    assertThatExceptionOfType(ConcurrencyFailureException.class)
        .isThrownBy(
            () ->
                snapshot.executeWithoutResult(
                    status -> {
                      inTransaction(
                          tx -> {
                            assertThat(FencedDatabase.ledger(tx, ACCOUNT)).containsExactly(1L);
                            database.commitAdmitted(ACCOUNT, 2);
                          });
                      admitAndWrite(1);
                    }));
    assertThatExceptionOfType(StaleTokenException.class)
        .isThrownBy(() -> snapshot.executeWithoutResult(status -> admitAndWrite(1)));
    assertThat(database.ledger(ACCOUNT)).containsExactly(1L, 2L);
  }

  private void admitAndWrite(long token) {
    inTransaction(tx -> GUARD.admit(tx, ACCOUNT, FencingToken.of(token)));
    writeByTemplate(ACCOUNT, token);
  }

  private void writeByTemplate(String resource, long token) {
    jdbc.update("INSERT INTO ledger (resource, token) VALUES (?, ?)", resource, token);
  }

  private interface Statements {
    void run(Connection tx) throws SQLException;
  }

  private void inTransaction(Statements statements) {
    jdbc.execute(
        (Connection tx) -> {
          statements.run(tx);
          return true;
        });
  }
}

package io.tenure.fencing;

import static io.tenure.fencing.FencedDatabase.GUARD;
import static io.tenure.fencing.FencedDatabase.admitAndWrite;
import static io.tenure.fencing.FencedDatabase.execute;
import static io.tenure.fencing.FencedDatabase.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.tenure.FencingToken;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What the guard admits and refuses, one transaction after the other. */
abstract class AdmittingGroup extends DatabaseGroup {
  AdmittingGroup(JdbcFencingContract contract, int isolation) {
    super(contract, isolation);
  }

  @Test
  void admitsTheFirstTokenOfAResource() throws SQLException {
    assertThat(database.mark(ACCOUNT)).isEmpty();
    database.commitAdmitted(ACCOUNT, 5);
    assertThat(database.mark(ACCOUNT)).contains(FencingToken.of(5));
    assertThat(database.ledger(ACCOUNT)).containsExactly(5L);
  }

  @Test
  void refusesAnOlderTokenAfterANewerOneWasAdmitted() throws SQLException {
    database.commitAdmitted(ACCOUNT, 5);
    try (Connection tx = database.begin()) {
      assertThatExceptionOfType(StaleTokenException.class)
          .isThrownBy(() -> GUARD.admit(tx, ACCOUNT, FencingToken.of(4)))
          .satisfies(
              refusal -> {
                assertThat(refusal.resource()).isEqualTo(ACCOUNT);
                assertThat(refusal.presented()).isEqualTo(FencingToken.of(4));
                assertThat(refusal.highWaterMark()).isEqualTo(FencingToken.of(5));
              });
    }
    assertThat(database.mark(ACCOUNT)).contains(FencingToken.of(5));
  }

  @Test
  void admitsAnEqualTokenAgainAndAgain() throws SQLException {
    database.commitAdmitted(ACCOUNT, 5);
    database.commitAdmitted(ACCOUNT, 5);
    try (Connection tx = database.begin()) {
      admitAndWrite(tx, ACCOUNT, 5);
      admitAndWrite(tx, ACCOUNT, 5);
      tx.commit();
    }
    assertThat(database.ledger(ACCOUNT)).containsExactly(5L, 5L, 5L, 5L);
  }

  @Test
  void refusesTheDelayedRequestOfAnEarlierTenureAlthoughItsOwnerLeadsAgain() throws SQLException {
    long delayed = 1; // A leads and sends R1, which is held up on the way.
    database.commitAdmitted(ACCOUNT, 2); // B leads, R2 is applied.
    assertRefused(delayed);
    database.commitAdmitted(ACCOUNT, 3); // A leads again.
    assertRefused(delayed);
    assertThat(database.ledger(ACCOUNT)).containsExactly(2L, 3L);
  }

  @Test
  void refusesTheOldWriteFromTheSealOnAndNotOnlyFromTheFirstNewWriteOn() throws SQLException {
    database.commitAdmitted(ACCOUNT, 1);
    try (Connection tx = database.begin()) {
      GUARD.seal(tx, ACCOUNT, FencingToken.of(2));
      tx.commit();
    }
    assertRefused(1);
    assertThat(database.ledger(ACCOUNT)).containsExactly(1L);
  }

  @Test
  void refusesToSealWithAnOlderToken() throws SQLException {
    database.commitAdmitted(ACCOUNT, 2);
    try (Connection tx = database.begin()) {
      assertThatExceptionOfType(StaleTokenException.class)
          .isThrownBy(() -> GUARD.seal(tx, ACCOUNT, FencingToken.of(1)));
    }
  }

  @Test
  void keepsResourcesApart() throws SQLException {
    database.commitAdmitted(ACCOUNT, 9);
    database.commitAdmitted("accounts/43", 1);
    assertThat(database.mark(ACCOUNT)).contains(FencingToken.of(9));
    assertThat(database.mark("accounts/43")).contains(FencingToken.of(1));
  }

  @Test
  void admitsALaterGenerationWhoseStoreCountsFromOneAgain() throws SQLException {
    FencingToken beforeRestore = FencingToken.of(0, 1_000_000);
    FencingToken afterRestore = FencingToken.of(1, 1);
    database.commitAdmitted(ACCOUNT, beforeRestore.value());
    database.commitAdmitted(ACCOUNT, afterRestore.value());
    assertRefused(beforeRestore.value());
  }

  @Test
  void takesTheGreatestToken() throws SQLException {
    database.commitAdmitted(ACCOUNT, Long.MAX_VALUE);
    assertRefused(Long.MAX_VALUE - 1);
  }

  @Test
  void refusesAutocommitBecauseTheRowLockWouldEndBeforeTheWrite() throws SQLException {
    try (Connection connection = database.connect()) {
      assertThatIllegalStateException()
          .isThrownBy(() -> GUARD.admit(connection, ACCOUNT, FencingToken.of(1)))
          .withMessage(
              "the lock on the resource's row must last until the caller commits: call"
                  + " setAutoCommit(false) first, and write and commit on the same connection");
      assertThatIllegalStateException()
          .isThrownBy(() -> GUARD.seal(connection, ACCOUNT, FencingToken.of(1)));
    }
    assertThat(database.mark(ACCOUNT)).isEmpty();
  }

  @Test
  void forgetsTheTokenOfATransactionThatWasRolledBack() throws SQLException {
    database.commitAdmitted(ACCOUNT, 1);
    try (Connection tx = database.begin()) {
      admitAndWrite(tx, ACCOUNT, 2);
      tx.rollback();
    }
    assertThat(database.mark(ACCOUNT)).contains(FencingToken.of(1));
    database.commitAdmitted(ACCOUNT, 1);
    assertThat(database.ledger(ACCOUNT)).containsExactly(1L, 1L);
  }

  @Test
  void forgetsTheTokenWithARollbackToAnEarlierSavepoint() throws SQLException {
    try (Connection tx = database.begin()) {
      Savepoint earlier = tx.setSavepoint();
      GUARD.admit(tx, ACCOUNT, FencingToken.of(2));
      tx.rollback(earlier);
      tx.commit();
    }
    assertThat(database.mark(ACCOUNT)).isEmpty();
  }

  @Test
  void neverEndsTheCallersTransaction() throws SQLException {
    try (Connection tx = database.begin()) {
      PostgresLikeConnection watched = new PostgresLikeConnection(tx);
      Connection caller = watched.proxy();
      write(caller, ACCOUNT, 1);
      GUARD.seal(caller, ACCOUNT, FencingToken.of(2));
      GUARD.admit(caller, ACCOUNT, FencingToken.of(2));
      assertThatExceptionOfType(StaleTokenException.class)
          .isThrownBy(() -> GUARD.admit(caller, ACCOUNT, FencingToken.of(1)));
      assertThat(watched.transactionEnds()).isZero();
      tx.rollback();
    }
    assertThat(database.ledger(ACCOUNT)).isEmpty();
    assertThat(database.mark(ACCOUNT)).isEmpty();
  }

  @Test
  void whatItLetsPassOnAKnownResourceCostsOneStatement() throws SQLException {
    database.commitAdmitted(ACCOUNT, 1);
    try (Connection tx = database.begin()) {
      PostgresLikeConnection watched = new PostgresLikeConnection(tx);
      Connection caller = watched.proxy();
      GUARD.admit(caller, ACCOUNT, FencingToken.of(1));
      GUARD.seal(caller, ACCOUNT, FencingToken.of(2));
      GUARD.admitOnce(caller, ACCOUNT, FencingToken.of(2), 1);
      assertThat(watched.statements()).isEqualTo(3);
      tx.rollback();
    }
  }

  @Test
  void takesHostileTextInANameAsANameAndNothingElse() throws SQLException {
    String hostile = "x' OR '1'='1'; DROP TABLE tenure_fence; --";
    database.commitAdmitted(ACCOUNT, 9);
    database.commitAdmitted(hostile, 1);
    assertThat(database.mark(hostile)).contains(FencingToken.of(1));
    assertThat(database.mark(ACCOUNT)).contains(FencingToken.of(9));
  }

  @Test
  void refusesABadNameBeforeItTouchesTheDatabase() throws SQLException {
    try (Connection tx = database.begin()) {
      for (String name : new String[] {"", "a\u0000b", "x".repeat(256)}) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> GUARD.admit(tx, name, FencingToken.of(1)));
        assertThatIllegalArgumentException()
            .isThrownBy(() -> GUARD.seal(tx, name, FencingToken.of(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> GUARD.highWaterMark(tx, name));
      }
    }
  }

  @Test
  void keepsANameOfTheGreatestLength() throws SQLException {
    String longest = "é".repeat(127) + "a";
    database.commitAdmitted(longest, 1);
    assertThat(database.mark(longest)).contains(FencingToken.of(1));
  }

  @Test
  void takesARowThatAnOperatorPreparedWithZeroAsNoTokenYet() throws SQLException {
    try (Connection connection = database.connect()) {
      execute(
          connection, "INSERT INTO tenure_fence (resource, token) VALUES ('" + ACCOUNT + "', 0)");
    }
    assertThat(database.mark(ACCOUNT)).isEmpty();
    database.commitAdmitted(ACCOUNT, 1);
    assertThat(database.mark(ACCOUNT)).contains(FencingToken.of(1));
  }

  @Test
  void passesOnTheDatabasesOwnRefusal() throws SQLException {
    JdbcFencingGuard withoutTable = JdbcFencingGuard.onTable("nowhere");
    try (Connection tx = database.begin()) {
      assertThatExceptionOfType(SQLException.class)
          .isThrownBy(() -> withoutTable.admit(tx, ACCOUNT, FencingToken.of(1)))
          .withMessageContaining("nowhere");
    }
  }

  @Test
  void keepsNamesApartThatLookAlike() throws SQLException {
    List<String> names = List.of("zurich", "Zurich", "zürich", "zurich ", " zurich");
    for (int i = 0; i < names.size(); i++) {
      database.commitAdmitted(names.get(i), names.size() - i);
    }
    for (int i = 0; i < names.size(); i++) {
      assertThat(database.mark(names.get(i))).contains(FencingToken.of(names.size() - i));
    }
  }

  @Test
  void createsTheTableOnceHoweverOftenAndByHoweverManyItIsAsked() throws Exception {
    JdbcFencingGuard guard = JdbcFencingGuard.onTable("another_fence");
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> created = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        created.add(
            threads.submit(
                () -> {
                  try (Connection connection = database.connect()) {
                    guard.createTable(connection);
                  }
                  return null;
                }));
      }
      for (Future<?> one : created) {
        one.get(20, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
    try (Connection tx = database.begin()) {
      guard.admit(tx, ACCOUNT, FencingToken.of(1));
      assertThat(guard.highWaterMark(tx, ACCOUNT)).contains(FencingToken.of(1));
      tx.rollback();
    }
  }

  private void assertRefused(long token) throws SQLException {
    try (Connection tx = database.begin()) {
      assertThatExceptionOfType(StaleTokenException.class)
          .isThrownBy(() -> admitAndWrite(tx, ACCOUNT, token));
    }
  }
}

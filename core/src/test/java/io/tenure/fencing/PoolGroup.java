package io.tenure.fencing;

import static io.tenure.fencing.FencedDatabase.GUARD;
import static io.tenure.fencing.FencedDatabase.admitAndWrite;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.zaxxer.hikari.HikariDataSource;
import io.tenure.FencingToken;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A pool with one connection, which everybody gets in turn. */
abstract class PoolGroup extends DatabaseGroup {
  PoolGroup(JdbcFencingContract contract) {
    super(contract);
  }

  @ParameterizedTest(name = "autocommit pool: {0}")
  @ValueSource(booleans = {true, false})
  void aConnectionThatAnotherTokenUsedBeforeIsJudgedByTheMarkAlone(boolean autoCommit)
      throws SQLException {
    try (HikariDataSource pool = Pools.of(database, 1, autoCommit)) {
      for (long token : new long[] {1, 2, 2}) {
        try (Connection tx = pool.getConnection()) {
          tx.setAutoCommit(false);
          admitAndWrite(tx, ACCOUNT, token);
          tx.commit();
        }
      }
      try (Connection tx = pool.getConnection()) {
        tx.setAutoCommit(false);
        assertThatExceptionOfType(StaleTokenException.class)
            .isThrownBy(() -> admitAndWrite(tx, ACCOUNT, 1));
      }
    }
    assertThat(database.ledger(ACCOUNT)).containsExactly(1L, 2L, 2L);
  }

  @Test
  void aConnectionOfAnAutocommitPoolIsRefusedAgainWhenItComesBack() throws SQLException {
    try (HikariDataSource pool = Pools.of(database, 1, true)) {
      try (Connection tx = pool.getConnection()) {
        tx.setAutoCommit(false);
        admitAndWrite(tx, ACCOUNT, 1);
        tx.commit();
      }
      try (Connection again = pool.getConnection()) {
        assertThatIllegalStateException().isThrownBy(() -> admitAndWrite(again, ACCOUNT, 2));
      }
    }
    assertThat(database.ledger(ACCOUNT)).containsExactly(1L);
    assertThat(database.mark(ACCOUNT)).contains(FencingToken.of(1));
  }

  @ParameterizedTest(name = "autocommit pool: {0}")
  @ValueSource(booleans = {true, false})
  void whatWasNotCommittedWhenTheConnectionWasGivenBackIsForgotten(boolean autoCommit)
      throws SQLException {
    database.commitAdmitted(ACCOUNT, 1);
    try (HikariDataSource pool = Pools.of(database, 1, autoCommit)) {
      try (Connection tx = pool.getConnection()) {
        tx.setAutoCommit(false);
        admitAndWrite(tx, ACCOUNT, 2);
      }
      // From elsewhere, so it would wait for the row if the pool still kept it.
      database.commitAdmitted(ACCOUNT, 1);
    }
    assertThat(database.mark(ACCOUNT)).contains(FencingToken.of(1));
    assertThat(database.ledger(ACCOUNT)).containsExactly(1L, 1L);
  }

  @Test
  void aRefusedRequestLeavesNothingBehindForTheNextOne() throws SQLException {
    database.commitAdmitted(ACCOUNT, 2);
    try (HikariDataSource pool = Pools.of(database, 1, false)) {
      try (Connection tx = pool.getConnection()) {
        FencedDatabase.write(tx, "audit", 1);
        assertThatExceptionOfType(StaleTokenException.class)
            .isThrownBy(() -> GUARD.admit(tx, ACCOUNT, FencingToken.of(1)));
      }
      try (Connection tx = pool.getConnection()) {
        admitAndWrite(tx, ACCOUNT, 3);
        tx.commit();
      }
    }
    assertThat(database.ledger("audit")).isEmpty();
    assertThat(database.ledger(ACCOUNT)).containsExactly(2L, 3L);
  }

  @Test
  void marksOfClaimsAreKeptThroughAnAutocommitPool() throws Exception {
    try (HikariDataSource pool = Pools.of(database, 1, true)) {
      ClaimMarks marks = ClaimMarks.inDatabase(GUARD, pool);
      marks.admit(ClaimMarksGroup.claim(2, 1));
      assertThatExceptionOfType(StaleTokenException.class)
          .isThrownBy(() -> marks.admit(ClaimMarksGroup.claim(1, 1)));
      try (Connection connection = pool.getConnection()) {
        assertThat(connection.getAutoCommit()).isTrue();
      }
    }
    assertThat(database.mark(ACCOUNT)).contains(FencingToken.of(2));
  }
}

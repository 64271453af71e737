package io.tenure.fencing;

import static io.tenure.fencing.FencedDatabase.GUARD;
import static io.tenure.fencing.FencedDatabase.admitAndWrite;
import static io.tenure.fencing.FencedDatabase.ledger;
import static io.tenure.fencing.FencedDatabase.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.FencingToken;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two transactions of one resource at the same time: the second waits for the end of the first. */
abstract class ConcurrencyGroup extends DatabaseGroup {
  private final ExecutorService otherThread = Executors.newSingleThreadExecutor();

  ConcurrencyGroup(JdbcFencingContract contract) {
    super(contract);
  }

  @AfterEach
  void stop() {
    otherThread.shutdownNow();
  }

  @ParameterizedTest(name = "resource known before: {0}")
  @ValueSource(booleans = {true, false})
  void theNewerTokenWaitsForTheOlderTransactionAndIsAdmittedThen(boolean known) throws Exception {
    prepare(known);
    try (Connection older = database.begin();
        Connection newer = database.begin()) {
      admitAndWrite(older, ACCOUNT, 1);
      Future<?> waiting = inOtherThread(newer, 2);
      older.commit();
      waiting.get();
      newer.commit();

      assertThatExceptionOfType(StaleTokenException.class)
          .isThrownBy(() -> GUARD.admit(older, ACCOUNT, FencingToken.of(1)));
    }
    assertThat(database.ledger(ACCOUNT)).containsExactly(1L, 2L);
  }

  @ParameterizedTest(name = "resource known before: {0}")
  @ValueSource(booleans = {true, false})
  void theOlderTokenWaitsForTheNewerTransactionAndIsRefusedThen(boolean known) throws Exception {
    prepare(known);
    try (Connection newer = database.begin();
        Connection older = database.begin()) {
      admitAndWrite(newer, ACCOUNT, 2);
      Future<?> waiting = inOtherThread(older, 1);
      newer.commit();

      assertThatThrownBy(waiting::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(StaleTokenException.class);
    }
    assertThat(database.ledger(ACCOUNT)).containsExactly(2L);
  }

  @ParameterizedTest(name = "resource known before: {0}")
  @ValueSource(booleans = {true, false})
  void theOlderTokenThatWaitedIsAdmittedWhenTheNewerTransactionRollsBack(boolean known)
      throws Exception {
    prepare(known);
    try (Connection newer = database.begin();
        Connection older = database.begin()) {
      admitAndWrite(newer, ACCOUNT, 2);
      Future<?> waiting = inOtherThread(older, 1);
      newer.rollback();
      waiting.get();
      older.commit();
    }
    assertThat(database.mark(ACCOUNT)).contains(FencingToken.of(1));
    assertThat(database.ledger(ACCOUNT)).containsExactly(1L);
  }

  @Test
  void aSealWaitsForTheAdmittedWriteSoThatTheReadAfterItSeesThatWrite() throws Exception {
    prepare(true);
    try (Connection older = database.begin();
        Connection newer = database.begin()) {
      admitAndWrite(older, ACCOUNT, 1);
      Future<?> sealed =
          inOtherThread(
              () -> {
                GUARD.seal(newer, ACCOUNT, FencingToken.of(2));
                return newer;
              });
      older.commit();
      sealed.get();
      assertThat(ledger(newer, ACCOUNT)).containsExactly(1L);
    }
  }

  @Test
  void aCommittedSealShowsEveryAdmittedWriteAtSerializableToo() throws Exception {
    prepare(true);
    try (Connection older = database.begin(Connection.TRANSACTION_SERIALIZABLE);
        Connection newer = database.begin(Connection.TRANSACTION_SERIALIZABLE)) {
      admitAndWrite(older, ACCOUNT, 1);
      Future<?> sealed =
          inOtherThread(
              () -> {
                FencedDatabase.commit(
                    newer,
                    tx -> {
                      GUARD.seal(tx, ACCOUNT, FencingToken.of(2));
                      return tx;
                    });
                return newer;
              });
      older.commit();
      sealed.get();
      assertThat(ledger(newer, ACCOUNT)).containsExactly(1L);
    }
  }

  @Test
  void theCallersEarlierWritesSurviveALostRaceForTheFirstInsert() throws Exception {
    try (Connection winner = database.begin();
        Connection loser = database.begin()) {
      PostgresLikeConnection strict = new PostgresLikeConnection(loser);
      Connection caller = strict.proxy();
      write(caller, "audit", 2);
      admitAndWrite(winner, ACCOUNT, 1);
      Future<?> waiting = inOtherThread(caller, 2);
      winner.commit();
      waiting.get();

      assertThat(strict.failedStatements())
          .as("INSERTs that lost the race")
          .isEqualTo(server().updatesWaitForInserts() ? 0 : 1);
      assertThat(strict.transactionEnds()).isZero();
      caller.commit();
    }
    assertThat(database.ledger("audit")).containsExactly(2L);
    assertThat(database.ledger(ACCOUNT)).containsExactly(1L, 2L);
  }

  @Test
  void aRefusalAfterALostRaceLeavesTheCallersTransactionUsable() throws Exception {
    try (Connection winner = database.begin();
        Connection loser = database.begin()) {
      Connection caller = new PostgresLikeConnection(loser).proxy();
      admitAndWrite(winner, ACCOUNT, 2);
      Future<?> waiting = inOtherThread(caller, 1);
      winner.commit();

      assertThatThrownBy(waiting::get).hasCauseInstanceOf(StaleTokenException.class);
      write(caller, "refusals", 1);
      caller.commit();
    }
    assertThat(database.ledger("refusals")).containsExactly(1L);
    assertThat(database.ledger(ACCOUNT)).containsExactly(2L);
  }

  @ParameterizedTest(name = "resource known before: {0}")
  @ValueSource(booleans = {true, false})
  void anOldSnapshotDoesNotLetAStaleTokenInAndTheRetryIsRefused(boolean known) throws Exception {
    prepare(known);
    try (Connection old = database.begin(server().snapshotIsolation())) {
      assertThat(ledger(old, ACCOUNT)).isEmpty(); // takes the snapshot
      database.commitAdmitted(ACCOUNT, 2);

      assertThatExceptionOfType(SQLException.class)
          .isThrownBy(() -> GUARD.admit(old, ACCOUNT, FencingToken.of(1)))
          .extracting(SQLException::getSQLState)
          .isEqualTo("40001");
      old.rollback();

      assertThatExceptionOfType(StaleTokenException.class)
          .isThrownBy(() -> GUARD.admit(old, ACCOUNT, FencingToken.of(1)));
    }
    assertThat(database.ledger(ACCOUNT)).containsExactly(2L);
  }

  @Test
  void aCallerWithAnOldSnapshotWritesAfterItsRetryAtTheLatest() throws Exception {
    try (Connection old = database.begin(server().snapshotIsolation())) {
      assertThat(ledger(old, ACCOUNT)).isEmpty(); // takes the snapshot
      database.commitAdmitted(ACCOUNT, 1);

      FencedDatabase.commit(
          old,
          tx -> {
            admitAndWrite(tx, ACCOUNT, 2);
            return tx;
          });
    }
    assertThat(database.ledger(ACCOUNT)).containsExactly(1L, 2L);
  }

  private void prepare(boolean known) throws SQLException {
    if (known) {
      try (Connection tx = database.begin()) {
        GUARD.seal(tx, ACCOUNT, FencingToken.of(1));
        tx.commit();
      }
    }
  }

  private Future<?> inOtherThread(Connection tx, long token) throws SQLException {
    return inOtherThread(
        () -> {
          admitAndWrite(tx, ACCOUNT, token);
          return tx;
        });
  }

  /** Starts the work and returns when the database has made it wait. */
  private Future<?> inOtherThread(Callable<?> work) throws SQLException {
    Future<?> started = otherThread.submit(work);
    database.awaitBlockedTransaction();
    assertThat(started).isNotDone();
    return started;
  }
}

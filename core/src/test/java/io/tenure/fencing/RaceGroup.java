package io.tenure.fencing;

import static io.tenure.fencing.FencedDatabase.GUARD;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.FencingToken;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Twelve transactions ask at the same time for a resource that nobody has asked for before, again
 * and again, in an order that the database makes.
 */
abstract class RaceGroup extends DatabaseGroup {
  static final int CONTENDERS = 12;
  private static final long SEED = 20_260_101;

  private final CyclicBarrier start = new CyclicBarrier(CONTENDERS);
  private final ExecutorService threads = Executors.newFixedThreadPool(CONTENDERS);
  private final List<Connection> connections = new ArrayList<>();

  RaceGroup(JdbcFencingContract contract) {
    super(contract);
  }

  @AfterEach
  void stop() throws Exception {
    threads.shutdownNow();
    assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    disconnect();
  }

  /** Makes as many connections as there are contenders, all with autocommit off. */
  void connect(int isolation) throws SQLException {
    for (int i = 0; i < CONTENDERS; i++) {
      connections.add(database.begin(isolation));
    }
  }

  /** Runs a contender's transaction on its connection. */
  <T> T transact(int contender, FencedDatabase.Work<T> work) throws SQLException {
    return FencedDatabase.commit(connections.get(contender), work);
  }

  void disconnect() throws SQLException {
    for (Connection connection : connections) {
      connection.close();
    }
  }

  @ParameterizedTest(name = "isolation level {0}")
  @ValueSource(ints = {Connection.TRANSACTION_READ_COMMITTED, Connection.TRANSACTION_SERIALIZABLE})
  void acceptedTokensOfAResourceNeverDecreaseInCommitOrder(int isolation) throws Exception {
    connect(isolation);
    Random random = new Random(SEED);
    List<Long> tokens = new ArrayList<>();
    for (long token = 1; token <= CONTENDERS; token++) {
      tokens.add(token);
    }
    int refused = 0;
    for (int race = 0; race < server().races(); race++) {
      String resource = "race-" + race;
      Collections.shuffle(tokens, random);
      List<Boolean> outcomes =
          race(
              contender ->
                  contend(
                      contender,
                      isolation,
                      tx -> FencedDatabase.admitAndWrite(tx, resource, tokens.get(contender))));
      List<Long> admitted = new ArrayList<>();
      for (int i = 0; i < CONTENDERS; i++) {
        if (outcomes.get(i)) {
          admitted.add(tokens.get(i));
        }
      }
      refused += CONTENDERS - admitted.size();
      assertThat(database.ledger(resource))
          .as("%s, seed %d", resource, SEED)
          .isSorted()
          .containsExactlyInAnyOrderElementsOf(admitted)
          .endsWith((long) CONTENDERS);
      assertThat(database.mark(resource)).contains(FencingToken.of(CONTENDERS));
    }
    assertThat(refused).as("contenders that were really overtaken").isPositive();
  }

  @ParameterizedTest(name = "isolation level {0}")
  @ValueSource(ints = {Connection.TRANSACTION_READ_COMMITTED, Connection.TRANSACTION_SERIALIZABLE})
  void oneOfManyCopiesOfARequestIsAppliedAndTheOthersAreToldSo(int isolation) throws Exception {
    connect(isolation);
    for (int race = 0; race < server().races(); race++) {
      String resource = "race-" + race;
      List<Admission> outcomes =
          race(contender -> transact(contender, tx -> OnceGroup.applyOnce(tx, resource, 5, 1)));
      assertThat(outcomes).filteredOn(Admission.APPLY::equals).hasSize(1);
      assertThat(outcomes).filteredOn(Admission.APPLIED_BEFORE::equals).hasSize(CONTENDERS - 1);
      assertThat(database.ledger(resource)).containsExactly(5L);
    }
  }

  @ParameterizedTest(name = "isolation level {0}")
  @ValueSource(ints = {Connection.TRANSACTION_READ_COMMITTED, Connection.TRANSACTION_SERIALIZABLE})
  void ofManySealsTheNewestStays(int isolation) throws Exception {
    connect(isolation);
    for (int race = 0; race < server().races(); race++) {
      String resource = "race-" + race;
      List<Boolean> outcomes =
          race(
              contender ->
                  contend(
                      contender,
                      isolation,
                      tx -> GUARD.seal(tx, resource, FencingToken.of(contender + 1))));
      assertThat(outcomes).last().isEqualTo(true);
      assertThat(database.mark(resource)).contains(FencingToken.of(CONTENDERS));
    }
  }

  private interface Guarded {
    void run(Connection tx) throws SQLException;
  }

  private interface Contention<T> {
    T run(int contender) throws Exception;
  }

  private <T> List<T> race(Contention<T> contention) throws Exception {
    List<Future<T>> running = new ArrayList<>();
    for (int i = 0; i < CONTENDERS; i++) {
      int contender = i;
      running.add(
          threads.submit(
              () -> {
                start.await(20, TimeUnit.SECONDS);
                return contention.run(contender);
              }));
    }
    List<T> outcomes = new ArrayList<>();
    for (Future<T> one : running) {
      outcomes.add(one.get(30, TimeUnit.SECONDS));
    }
    return outcomes;
  }

  /** True if the contender's write was committed, false if its token was refused. */
  private boolean contend(int contender, int isolation, Guarded guarded) throws SQLException {
    boolean mayRunAgain =
        isolation > Connection.TRANSACTION_READ_COMMITTED || server().racesMayDeadlock();
    try {
      return transact(
          contender,
          tx -> {
            try {
              guarded.run(tx);
              return true;
            } catch (SQLException e) {
              if (mayRunAgain) {
                throw e;
              }
              throw new AssertionError("a transaction at READ COMMITTED failed", e);
            }
          });
    } catch (StaleTokenException e) {
      return false;
    }
  }
}

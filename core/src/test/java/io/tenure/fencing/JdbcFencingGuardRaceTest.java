package io.tenure.fencing;

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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Sixteen transactions with different tokens ask for a resource that nobody has asked for before,
 * again and again: what is written stands in token order, and the greatest token has the last word.
 */
class JdbcFencingGuardRaceTest {
  private static final int CONTENDERS = 16;
  private static final long SEED = 20_260_101;

  private final CyclicBarrier start = new CyclicBarrier(CONTENDERS);

  @ParameterizedTest(name = "isolation level {0}, {1} rounds")
  @CsvSource({
    Connection.TRANSACTION_READ_COMMITTED + ", 400",
    Connection.TRANSACTION_SERIALIZABLE + ", 200"
  })
  void acceptedTokensOfAResourceNeverDecreaseInCommitOrder(int isolation, int rounds)
      throws Exception {
    Random random = new Random(SEED);
    ExecutorService threads = Executors.newFixedThreadPool(CONTENDERS);
    try (FencedDatabase database = FencedDatabase.inMemory()) {
      List<Contender> contenders = new ArrayList<>();
      for (long token = 1; token <= CONTENDERS; token++) {
        contenders.add(new Contender(database.begin(isolation), token));
      }
      int refused = 0;
      for (int round = 0; round < rounds; round++) {
        String resource = "round-" + round;
        Collections.shuffle(contenders, random);
        List<Future<Boolean>> outcomes = new ArrayList<>();
        for (Contender contender : contenders) {
          outcomes.add(threads.submit(() -> contender.contend(resource)));
        }
        List<Long> admitted = new ArrayList<>();
        for (int i = 0; i < CONTENDERS; i++) {
          if (outcomes.get(i).get()) {
            admitted.add(contenders.get(i).token);
          }
        }
        refused += CONTENDERS - admitted.size();
        List<Long> inCommitOrder = database.ledger(resource);
        assertThat(inCommitOrder)
            .as("%s, seed %d", resource, SEED)
            .isSorted()
            .containsExactlyInAnyOrderElementsOf(admitted)
            .endsWith((long) CONTENDERS);
        assertThat(database.mark(resource)).contains(FencingToken.of(CONTENDERS));
      }
      assertThat(refused).as("contenders that were really overtaken").isPositive();
      for (Contender contender : contenders) {
        contender.tx.close();
      }
    } finally {
      threads.shutdownNow();
      assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  private final class Contender {
    private final Connection tx;
    private final long token;
    private final boolean snapshots;

    Contender(Connection tx, long token) throws SQLException {
      this.tx = tx;
      this.token = token;
      this.snapshots = tx.getTransactionIsolation() > Connection.TRANSACTION_READ_COMMITTED;
    }

    /**
     * True if this contender's write was committed, false if its token was refused. Runs again
     * after a serialization failure, as callers at that level must; there is none at READ
     * COMMITTED.
     */
    boolean contend(String resource) throws Exception {
      start.await(20, TimeUnit.SECONDS);
      while (true) {
        try {
          FencedDatabase.admitAndWrite(tx, resource, token);
          tx.commit();
          return true;
        } catch (StaleTokenException e) {
          tx.rollback();
          return false;
        } catch (SQLException e) {
          tx.rollback();
          if (!snapshots || !"40001".equals(e.getSQLState())) {
            throw e;
          }
        }
      }
    }
  }
}

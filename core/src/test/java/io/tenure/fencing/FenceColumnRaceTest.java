package io.tenure.fencing;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tenure.FencingToken;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Another connection comes between an update that changed nothing and the look at why. */
class FenceColumnRaceTest {
  private static final FenceColumn FENCE = FenceColumn.of("account", "fence");
  private static final FencingToken TOKEN = FencingToken.of(5);

  private final String url = "jdbc:h2:mem:" + UUID.randomUUID();

  @Test
  void aRowThatHasAppearedWithTheSameTokenMakesNobodyStale() throws SQLException {
    assertThatExceptionOfType(SQLTransactionRollbackException.class)
        .isThrownBy(() -> updateWhileARowAppears(5))
        .withMessageContaining("roll back and run it again");
  }

  @Test
  void aRowThatHasAppearedWithANewerTokenRefusesTheOlderOne() throws SQLException {
    assertThatExceptionOfType(StaleTokenException.class)
        .isThrownBy(() -> updateWhileARowAppears(6));
  }

  private void updateWhileARowAppears(long itsToken) throws SQLException {
    try (Connection other = DriverManager.getConnection(url)) {
      FencedDatabase.execute(other, "CREATE TABLE account (id INT, balance INT, fence BIGINT)");
      WatchedConnection watched =
          new WatchedConnection(
              DriverManager.getConnection(url),
              step -> {
                if (step.equals("SELECT")) {
                  FencedDatabase.execute(
                      other, "INSERT INTO account VALUES (42, 1000, " + itsToken + ")");
                }
              });
      try (Connection connection = watched.proxy()) {
        FENCE.update(
            connection,
            TOKEN,
            FenceColumn.part("balance = ?", 900),
            FenceColumn.part("id = ?", 42));
      }
    }
  }
}

package io.tenure.fencing;

import static io.tenure.fencing.FencedDatabase.GUARD;
import static io.tenure.fencing.FencedDatabase.ledger;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tenure.FencingToken;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class H2FencingTest extends JdbcFencingContract {
  @Override
  DatabaseServer startServer() {
    return new H2Server();
  }

  @Test
  void remembersTheMarkWhenTheDatabaseWasClosedAndOpenedAgain(@TempDir Path directory)
      throws SQLException {
    String url = "jdbc:h2:file:" + directory.resolve("fenced");
    try (FencedDatabase first = FencedDatabase.at(server(), url)) {
      first.commitAdmitted("r", 2);
    }
    try (FencedDatabase again = FencedDatabase.at(server(), url);
        Connection tx = again.begin()) {
      assertThatExceptionOfType(StaleTokenException.class)
          .isThrownBy(() -> GUARD.admit(tx, "r", FencingToken.of(1)));
    }
  }

  @Test
  void saysWhatToDoWhenASnapshotHidesTheRowThatCannotBeInserted() throws SQLException {
    try (FencedDatabase database = FencedDatabase.on(server());
        Connection old = database.begin(Connection.TRANSACTION_SERIALIZABLE)) {
      assertThat(ledger(old, "r")).isEmpty(); // takes the snapshot
      database.commitAdmitted("r", 1);

      assertThatExceptionOfType(SQLException.class)
          .isThrownBy(() -> GUARD.admit(old, "r", FencingToken.of(2)))
          .withMessage(
              "this transaction does not see the current mark of resource 'r' in tenure_fence,"
                  + " which another one has set since it began: roll back and run it again")
          .withCauseInstanceOf(SQLException.class);
    }
  }
}

package io.tenure.fencing;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The same races where the contenders wait for one another's connections first. */
abstract class PooledRaceGroup extends RaceGroup {
  private static final int CONNECTIONS = CONTENDERS / 4;

  private @Nullable HikariDataSource pool;

  PooledRaceGroup(JdbcFencingContract contract) {
    super(contract);
  }

  @Override
  void connect(int isolation) {
    pool = Pools.of(database, CONNECTIONS, false);
    pool.setTransactionIsolation(String.valueOf(isolation));
  }

  @Override
  <T> T transact(int contender, FencedDatabase.Work<T> work) throws SQLException {
    try (Connection connection = pool.getConnection()) {
      return FencedDatabase.commit(connection, work);
    }
  }

  @Override
  void disconnect() {
    pool.close();
  }
}

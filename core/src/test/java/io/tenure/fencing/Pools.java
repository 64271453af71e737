package io.tenure.fencing;

import com.zaxxer.hikari.HikariDataSource;

/** Pools of connections as users have them. */
final class Pools {
  private Pools() {}

  /** Opens its connections when they are first asked for. */
  static HikariDataSource of(FencedDatabase database, int connections, boolean autoCommit) {
    HikariDataSource pool = new HikariDataSource();
    pool.setJdbcUrl(database.url());
    pool.setMaximumPoolSize(connections);
    pool.setAutoCommit(autoCommit);
    return pool;
  }
}

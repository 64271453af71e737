package io.tenure.fencing;

class PostgresFencingTest extends JdbcFencingContract {
  @Override
  DatabaseServer startServer() throws Exception {
    return new PostgresServer();
  }
}

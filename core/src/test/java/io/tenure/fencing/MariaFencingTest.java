package io.tenure.fencing;

class MariaFencingTest extends JdbcFencingContract {
  @Override
  DatabaseServer startServer() throws Exception {
    return new MariaServer();
  }
}

package io.tenure.fencing;

import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A part of the contract: each test has an empty database on the contract's server. */
abstract class DatabaseGroup {
  static final String ACCOUNT = "accounts/42";

  private final JdbcFencingContract contract;
  private final int isolation;

  FencedDatabase database;

  DatabaseGroup(JdbcFencingContract contract) {
    this(contract, Connection.TRANSACTION_READ_COMMITTED);
  }

  DatabaseGroup(JdbcFencingContract contract, int isolation) {
    this.contract = contract;
    this.isolation = isolation;
  }

  @BeforeEach
  final void open() throws SQLException {
    database = FencedDatabase.on(server(), isolation);
  }

  @AfterEach
  final void closeDatabase() throws SQLException {
    database.close();
  }

  final DatabaseServer server() {
    return contract.server();
  }
}

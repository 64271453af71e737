package io.tenure.fencing;

import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A part of the contract: each test has an empty database on the contract's server. */
abstract class DatabaseGroup {
  static final String ACCOUNT = "accounts/42";

  private final JdbcFencingContract contract;

  FencedDatabase database;

  DatabaseGroup(JdbcFencingContract contract) {
    this.contract = contract;
  }

  @BeforeEach
  final void open() throws SQLException {
    database = FencedDatabase.on(server());
  }

  @AfterEach
  final void closeDatabase() throws SQLException {
    database.close();
  }

  final DatabaseServer server() {
    return contract.server();
  }
}

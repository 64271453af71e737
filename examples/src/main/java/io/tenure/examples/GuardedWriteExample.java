package io.tenure.examples;

import io.tenure.CoordinationClient;
import io.tenure.DistributedLock;
import io.tenure.FencingToken;
import io.tenure.Lease;
import io.tenure.fencing.JdbcFencingGuard;
import io.tenure.fencing.StaleTokenException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;

/** A write that the database itself refuses when it comes from a former holder. */
public final class GuardedWriteExample {
  private final DataSource dataSource;
  private final JdbcFencingGuard guard = JdbcFencingGuard.onTable("tenure_fence");

  private GuardedWriteExample(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /** Debits an account under two leases, and then again in the name of the first one. */
  public static void main(String... args) throws InterruptedException, SQLException {
    JdbcDataSource database = new JdbcDataSource();
    database.setURL("jdbc:h2:mem:accounts");
    try (Connection keepsMemoryAlive = database.getConnection();
        CoordinationClient client = CoordinationClient.create(Stores.fromArguments(args))) {
      GuardedWriteExample accounts = new GuardedWriteExample(database);
      accounts.create(keepsMemoryAlive);
      DistributedLock lock = client.lock("accounts/42");
      FencingToken former = accounts.debitUnder(lock);
      accounts.debitUnder(lock);
      try {
        accounts.debit(former);
      } catch (StaleTokenException e) {
        System.out.println("refused: " + e.getMessage());
      }
    }
  }

  private FencingToken debitUnder(DistributedLock lock) throws InterruptedException, SQLException {
    try (Lease lease = lock.acquire()) {
      debit(lease.token());
      return lease.token();
    }
  }

  private void debit(FencingToken token) throws SQLException {
    try (Connection tx = dataSource.getConnection()) {
      tx.setAutoCommit(false);
      guard.admit(tx, "accounts/42", token); // raises the mark or throws StaleTokenException
      debit(tx);
      tx.commit();
    }
    System.out.println("debited, with token " + token.value());
  }

  private static void debit(Connection tx) throws SQLException {
    try (Statement update = tx.createStatement()) {
      update.executeUpdate("UPDATE account SET balance = balance - 100 WHERE id = 42");
    }
  }

  private void create(Connection connection) throws SQLException {
    guard.createTable(connection);
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE account (id INT PRIMARY KEY, balance INT NOT NULL)");
      statement.execute("INSERT INTO account VALUES (42, 1000)");
    }
  }
}

package io.tenure.benchmarks;

import static io.tenure.fencing.FenceColumn.part;

import io.tenure.FencingToken;
import io.tenure.fencing.FenceColumn;
import io.tenure.fencing.JdbcFencingGuard;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A transaction on PostgreSQL that changes one row, against the same transaction with a guard in
 * it. Both use one connection, and each a row of its own.
 */
@State(Scope.Thread)
public class JdbcGuardBenchmark {
  private static final String RESOURCE = "accounts/42";
  private static final FencingToken TOKEN = FencingToken.of(7);

  private final JdbcFencingGuard guard = JdbcFencingGuard.onTable("tenure_fence");
  private final FenceColumn fence = FenceColumn.of("account", "fence");

  /** Whether a commit waits for the disk, as it does by default. */
  @Param({"on", "off"})
  @SuppressWarnings("NullAway.Init") // JMH sets it
  public String synchronousCommit;

  @SuppressWarnings("NullAway.Init") // set in start
  private Postgres server;

  @SuppressWarnings("NullAway.Init") // set in start
  private Connection tx;

  private long last;

  /** Starts the server, with two accounts. */
  @Setup
  public void start() throws IOException, SQLException {
    server = new Postgres();
    tx = server.connect(synchronousCommit.equals("on"));
    guard.createTable(tx);
    tx.setAutoCommit(false);
    execute("CREATE TABLE account (id VARCHAR(20) PRIMARY KEY, balance BIGINT NOT NULL)");
    execute("INSERT INTO account VALUES ('plain', 0), ('guarded', 0)");
    execute(fence.addColumnSql());
    tx.commit();
  }

  /** Stops the server. */
  @TearDown
  public void stop() throws IOException, SQLException {
    tx.close();
    server.close();
  }

  /** A token that has been admitted before, as nearly all are. */
  @Benchmark
  public void admit(Pair pair) throws Exception {
    pair.run(
        this::plain,
        () -> {
          guard.admit(tx, RESOURCE, TOKEN);
          write("guarded");
          tx.commit();
        });
  }

  /** A number for each write. */
  @Benchmark
  public void admitOnce(Pair pair) throws Exception {
    pair.run(
        this::plain,
        () -> {
          guard.admitOnce(tx, RESOURCE, TOKEN, ++last);
          write("guarded");
          tx.commit();
        });
  }

  /** A newer token each time. */
  @Benchmark
  public void seal(Pair pair) throws Exception {
    pair.run(
        this::plain,
        () -> {
          guard.seal(tx, RESOURCE, FencingToken.of(++last));
          write("guarded");
          tx.commit();
        });
  }

  /** The fence in the row itself. */
  @Benchmark
  public void fenceColumn(Pair pair) throws Exception {
    pair.run(
        this::plain,
        () -> {
          fence.update(tx, TOKEN, part("balance = ?", ++last), part("id = ?", "guarded"));
          tx.commit();
        });
  }

  /** A token that has been admitted before, and a read between admission and write. */
  @Benchmark
  public void admitThenRead(Pair pair) throws Exception {
    pair.run(
        () -> {
          read("plain");
          plain();
        },
        () -> {
          guard.admit(tx, RESOURCE, TOKEN);
          read("guarded");
          write("guarded");
          tx.commit();
        });
  }

  /** No guard at all, but another UPDATE of one row, for comparison. */
  @Benchmark
  public void secondUpdate(Pair pair) throws Exception {
    pair.run(
        this::plain,
        () -> {
          write("plain");
          write("guarded");
          tx.commit();
        });
  }

  private void plain() throws SQLException {
    write("plain");
    tx.commit();
  }

  private void write(String account) throws SQLException {
    try (PreparedStatement update =
        tx.prepareStatement("UPDATE account SET balance = ? WHERE id = ?")) {
      update.setLong(1, ++last);
      update.setString(2, account);
      update.executeUpdate();
    }
  }

  private void read(String account) throws SQLException {
    try (PreparedStatement select =
        tx.prepareStatement("SELECT balance FROM account WHERE id = ?")) {
      select.setString(1, account);
      try (ResultSet row = select.executeQuery()) {
        row.next();
        last = Math.max(last, row.getLong(1));
      }
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = tx.createStatement()) {
      statement.execute(sql);
    }
  }
}

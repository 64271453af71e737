package io.tenure.fencing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tenure.FencingToken;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.transaction.support.TransactionTemplate;

/** The samples of {@code docs/concepts/fencing.md}: lines between the marks stand there as here. */
class FencingSamplesTest {
  private record Holder(FencingToken token) {}

  private final Holder lease = new Holder(FencingToken.of(7));
  private final JdbcFencingGuard guard = JdbcFencingGuard.onTable("tenure_fence");
  private Connection tx;

  @BeforeEach
  void createAccounts() throws SQLException {
    tx = DriverManager.getConnection("jdbc:h2:mem:");
    guard.createTable(tx);
    execute("CREATE TABLE account (id VARCHAR(20) PRIMARY KEY, balance INT NOT NULL)");
    execute("INSERT INTO account VALUES ('42', 1000)");
    tx.setAutoCommit(false);
  }

  @AfterEach
  void close() throws SQLException {
    tx.close();
  }

  @Test
  void sealBeforeRead() throws SQLException {
    // sample
    guard.seal(tx, "accounts/42", lease.token()); // once per lease, before anything is read
    tx.commit();

    guard.admit(tx, "accounts/42", lease.token()); // first in every transaction that writes
    writeBalance(tx, readBalance(tx) - 100);
    tx.commit();
    // end
    assertThat(readBalance(tx)).isEqualTo(900);
    assertThatExceptionOfType(StaleTokenException.class)
        .isThrownBy(() -> guard.admit(tx, "accounts/42", FencingToken.of(6)));
  }

  @Test
  void atMostOnce() throws SQLException {
    Admission first = debitOnce(lease.token(), 1);
    assertThat(first).isEqualTo(Admission.APPLY);
    assertThat(debitOnce(lease.token(), 1)).isEqualTo(Admission.APPLIED_BEFORE);
    assertThat(readBalance(tx)).isEqualTo(900);
  }

  private Admission debitOnce(FencingToken token, long sequence) throws SQLException {
    // sample
    Admission admission = guard.admitOnce(tx, "accounts/42", token, sequence);
    if (admission == Admission.APPLY) {
      writeBalance(tx, readBalance(tx) - 100);
    }
    tx.commit();
    // end
    return admission;
  }

  @Test
  void insideSpringsTransactions() throws SQLException {
    SingleConnectionDataSource dataSource = new SingleConnectionDataSource(tx, true);
    JdbcTemplate jdbc = new JdbcTemplate(dataSource);
    TransactionTemplate transactions =
        new TransactionTemplate(new DataSourceTransactionManager(dataSource));
    tx.commit();
    tx.setAutoCommit(true);
    // sample
    transactions.executeWithoutResult(
        status -> {
          jdbc.execute(
              (Connection tx) -> {
                guard.admit(tx, "accounts/42", lease.token());
                return true;
              });
          jdbc.update("UPDATE account SET balance = balance - ? WHERE id = ?", 100, "42");
        });
    // end
    assertThat(readBalance(tx)).isEqualTo(900);
    assertThat(guard.highWaterMark(tx, "accounts/42")).contains(lease.token());
  }

  @Test
  void ownColumn() throws Exception {
    // sample
    FenceColumn fence = FenceColumn.of("account", "fence");
    execute(fence.addColumnSql()); // once, in a migration

    FenceColumn.Part account = FenceColumn.part("id = ?", "42");
    fence.seal(tx, lease.token(), account);
    tx.commit();
    fence.update(tx, lease.token(), FenceColumn.part("balance = ?", 900), account);
    tx.commit();
    // end
    assertThat(readBalance(tx)).isEqualTo(900);
    assertThat(document())
        .contains(fence.addColumnSql(), fence.updateSql("balance = ?", "id = ?"))
        .contains(guard.createTableSql().replaceFirst("\\(", "(\n  ").replace(", ", ",\n  "));
  }

  @Test
  void requestsToOtherServices() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    ExecutorService threads = Executors.newCachedThreadPool();
    server.setExecutor(threads);
    FencingVerifier verifier = FencingVerifier.create();
    // sample
    server
        .createContext("/accounts/42", this::debit)
        .getFilters()
        .add(new HttpClaimFilter(verifier, exchange -> "accounts/42"));
    // end
    server.start();
    try {
      FencingClaim claim =
          new FencingClaim("accounts/42", "worker-3", FencingToken.of(1234), OptionalLong.of(7));
      assertThat(document()).contains(FencingClaim.HEADER + ": " + claim.toText());
      assertThat(send(server, claim)).isEqualTo(204);
      assertThat(send(server, claim)).isEqualTo(409);
    } finally {
      server.stop(0);
      threads.shutdownNow();
    }
  }

  private static int send(HttpServer server, FencingClaim claim) throws IOException {
    URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/accounts/42");
    HttpURLConnection request = (HttpURLConnection) uri.toURL().openConnection();
    request.setRequestProperty(FencingClaim.HEADER, claim.toText());
    return request.getResponseCode();
  }

  private void debit(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(204, -1);
    exchange.close();
  }

  @Test
  void theDocumentShowsTheseLinesAndNoOthers() throws IOException {
    Path source = Path.of("src/test/java/io/tenure/fencing/FencingSamplesTest.java");
    List<String> here = samples(Files.readString(source), "// sample\n", "// end\n");
    assertThat(samples(document(), "```java\n", "```\n")).containsExactlyElementsOf(here);
  }

  private static String document() throws IOException {
    return Files.readString(Path.of("../docs/concepts/fencing.md"));
  }

  private static List<String> samples(String text, String begin, String end) {
    List<String> samples = new ArrayList<>();
    String[] parts = text.split("(?m)^ *" + begin);
    for (String part : List.of(parts).subList(1, parts.length)) {
      samples.add(part.split("(?m)^ *" + end)[0].stripTrailing().stripIndent());
    }
    return samples;
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = tx.createStatement()) {
      statement.execute(sql);
    }
  }

  private static int readBalance(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT balance FROM account")) {
      row.next();
      return row.getInt(1);
    }
  }

  private static void writeBalance(Connection connection, int balance) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("UPDATE account SET balance = " + balance);
    }
  }
}

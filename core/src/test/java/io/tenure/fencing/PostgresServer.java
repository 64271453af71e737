package io.tenure.fencing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * PostgreSQL, as a process of its own. Its programs refuse to run as root; the library that starts
 * them gives them a user namespace without root then.
 */
final class PostgresServer implements DatabaseServer {
  private final Path directory;
  private final EmbeddedPostgres server;
  private final AtomicInteger schemas = new AtomicInteger();

  PostgresServer() throws IOException {
    directory = TestDirectories.create("postgres");
    Redirect log = Redirect.appendTo(directory.resolve("server.log").toFile());
    server =
        EmbeddedPostgres.builder()
            .setOverrideWorkingDirectory(Files.createDirectories(directory.resolve("run")).toFile())
            .setServerConfig("fsync", "off")
            .setServerConfig("synchronous_commit", "off")
            .setServerConfig("listen_addresses", "127.0.0.1")
            .setServerConfig("max_connections", "60")
            .setOutputRedirector(log)
            .setErrorRedirector(log)
            .setPGStartupWait(Duration.ofSeconds(60))
            .start();
  }

  @Override
  public String newDatabase() throws SQLException {
    String schema = "test" + schemas.incrementAndGet();
    String url = server.getJdbcUrl("postgres", "postgres");
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE SCHEMA " + schema);
    }
    return url + "&currentSchema=" + schema + "&options=-c%20lock_timeout=" + LOCK_WAIT.toMillis();
  }

  @Override
  public String identityType() {
    return "BIGINT GENERATED ALWAYS AS IDENTITY";
  }

  @Override
  public String countBlocked() {
    return "SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'";
  }

  @Override
  public int races() {
    return 15;
  }

  @Override
  public void close() throws IOException {
    server.close();
    TestDirectories.delete(directory.resolve("run"));
  }
}

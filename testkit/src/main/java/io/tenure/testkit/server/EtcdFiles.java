package io.tenure.testkit.server;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What an operator does to the files of one etcd server. Not safe for use by several threads. */
public final class EtcdFiles implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Pattern PEER = Pattern.compile("\"peerURLs\":\\[\"([^\"]+)\"");
  private static final Pattern BLOB = Pattern.compile("\"blob\":\"([^\"]*)\"");

  private final Path directory;
  private final Path data;
  private final StoreServer server;
  private final HttpClient http = HttpClient.newHttpClient();

  private EtcdFiles(Path directory) {
    this.directory = directory;
    this.data = directory.resolve("data");
    this.server =
        Servers.etcd().processes().unsafeNoFsync().arguments("--data-dir=" + data).start();
  }

  /**
   * Starts a server that keeps its data in a directory.
   *
   * @param directory an empty one, for the data, copies and snapshots
   * @return the files, to be closed
   * @throws IllegalStateException if etcd cannot be had or did not start
   */
  public static EtcdFiles in(Path directory) {
    return new EtcdFiles(directory);
  }

  /**
   * Returns the server.
   *
   * @return the same one through every replacement of its data
   */
  public StoreServer server() {
    return server;
  }

  /**
   * Copies the data of the server, which is stopped for it.
   *
   * @return the copy
   * @throws IOException if it cannot be made
   */
  public Path copy() throws IOException {
    server.stop();
    Path copy = directory.resolve("copy");
    copy(data, copy);
    server.restart();
    return copy;
  }

  /**
   * Puts data in the place of the present ones, and restarts the server on them.
   *
   * @param other a data directory; nothing is put there if there is none
   * @throws IOException if it cannot be copied
   */
  public void replaceBy(Path other) throws IOException {
    server.stop();
    Directories.delete(data);
    if (Files.exists(other)) {
      copy(other, data);
    }
    server.restart();
  }

  /**
   * Takes a snapshot, as a client may.
   *
   * @return the snapshot
   * @throws IOException if the server does not give it
   * @throws InterruptedException if the thread is interrupted
   */
  public Path snapshot() throws IOException, InterruptedException {
    Path snapshot = directory.resolve("snapshot.db");
    HttpResponse<Stream<String>> answer =
        http.send(request("/v3/maintenance/snapshot"), BodyHandlers.ofLines());
    try (Stream<String> lines = answer.body();
        OutputStream out = Files.newOutputStream(snapshot)) {
      for (String line : (Iterable<String>) lines::iterator) {
        Matcher blob = BLOB.matcher(line);
        if (blob.find()) {
          out.write(Base64.getDecoder().decode(blob.group(1)));
        }
      }
    }
    return snapshot;
  }

  /**
   * Makes data of a snapshot with etcd's own tool, which comes with the server.
   *
   * @param snapshot as {@link #snapshot()} made it
   * @param options as {@code --bump-revision=1000}
   * @return a data directory for {@link #replaceBy}
   * @throws IOException if the tool failed, with what it said
   * @throws InterruptedException if the thread is interrupted
   */
  public Path restored(Path snapshot, String... options) throws IOException, InterruptedException {
    Path restored = directory.resolve("restored");
    Directories.delete(restored);
    String peer = peer();
    List<String> command =
        Stream.concat(
                Stream.of(
                    tool().toString(),
                    "snapshot",
                    "restore",
                    snapshot.toString(),
                    "--data-dir=" + restored,
                    "--name=" + server.name(),
                    "--initial-cluster=" + server.name() + "=" + peer,
                    "--initial-advertise-peer-urls=" + peer),
                Stream.of(options))
            .toList();
    Path log = directory.resolve("restore.log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    if (process.waitFor() != 0) {
      throw new IOException("the snapshot was not restored: " + Files.readString(log));
    }
    return restored;
  }

  private String peer() throws IOException, InterruptedException {
    String members = http.send(request("/v3/cluster/member/list"), BodyHandlers.ofString()).body();
    Matcher peer = PEER.matcher(members);
    if (!peer.find()) {
      throw new IOException("etcd does not name its member: " + members);
    }
    return peer.group(1);
  }

  /** The JSON form of etcd's own protocol, so that nobody needs a client of it for this. */
  private HttpRequest request(String path) {
    return HttpRequest.newBuilder(URI.create(server.url() + path))
        .timeout(TIMEOUT)
        .POST(HttpRequest.BodyPublishers.ofString("{}"))
        .build();
  }

  private Path tool() {
    String program =
        ProcessHandle.of(server.pid().orElseThrow())
            .flatMap(process -> process.info().command())
            .orElseThrow();
    return Path.of(program).resolveSibling("etcdutl");
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> found = Files.walk(from)) {
      for (Path path : found.toList()) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
  }

  @Override
  public void close() {
    server.close();
  }
}

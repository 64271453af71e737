package io.tenure.etcd;

import io.etcd.jetcd.Client;
import io.etcd.jetcd.cluster.Member;
import io.tenure.testkit.server.Servers;
import io.tenure.testkit.server.StoreServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What an operator does to the files of one server. */
final class EtcdFiles implements AutoCloseable {
  private final Path directory;
  private final Path data;
  private final StoreServer server;

  private EtcdFiles(Path directory) {
    this.directory = directory;
    this.data = directory.resolve("data");
    this.server =
        Servers.etcd().processes().unsafeNoFsync().arguments("--data-dir=" + data).start();
  }

  /** Starts a server that keeps its data in this directory. */
  static EtcdFiles in(Path directory) {
    return new EtcdFiles(directory);
  }

  StoreServer server() {
    return server;
  }

  /** Copies the data of a server that is stopped for it. */
  Path copy() throws IOException {
    server.stop();
    Path copy = directory.resolve("copy");
    copy(data, copy);
    server.restart();
    return copy;
  }

  /** Puts data in the place of the present ones, none if there is no such directory. */
  void replaceBy(Path other) throws IOException {
    server.stop();
    delete(data);
    if (Files.exists(other)) {
      copy(other, data);
    }
    server.restart();
  }

  /** Takes a snapshot, as a client may. */
  Path snapshot() throws IOException {
    Path snapshot = directory.resolve("snapshot.db");
    try (Client client = Client.builder().endpoints(server.url()).build();
        OutputStream out = Files.newOutputStream(snapshot)) {
      Etcd.get(client.getMaintenanceClient().snapshot(out));
    }
    return snapshot;
  }

  /**
   * Makes data of a snapshot with etcd's own tool, which comes with the server.
   *
   * @param options as {@code --bump-revision=1000}
   */
  Path restored(Path snapshot, String... options) throws Exception {
    Path restored = directory.resolve("restored");
    delete(restored);
    URI peer = peer();
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

  private URI peer() {
    try (Client client = Client.builder().endpoints(server.url()).build()) {
      List<Member> members = Etcd.get(client.getClusterClient().listMember()).getMembers();
      return members.get(0).getPeerURIs().get(0);
    }
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

  private static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> found = Files.walk(directory)) {
      for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  @Override
  public void close() {
    server.close();
  }
}

package io.tenure.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tenure.Expected;
import io.tenure.spi.ClientSpec;
import io.tenure.spi.EntrySpec;
import io.tenure.spi.Mutation;
import io.tenure.spi.QueueName;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.StoreSession;
import io.tenure.testkit.TcpProxy;
import io.tenure.testkit.server.NeedsStore;
import io.tenure.testkit.server.Servers;
import io.tenure.testkit.server.StoreServer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** One server for all tests of a class, and backends that are closed after each. */
@NeedsStore("etcd")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class StoreTest {
  /** Longer than any test takes that does not renew. */
  static final Duration TTL = Duration.ofSeconds(60);

  /** The least that etcd grants. */
  static final Duration SHORTEST = Duration.ofSeconds(2);

  static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  StoreServer server;
  Etcd etcd;

  @BeforeAll
  final void startServer() {
    server = newServer();
    etcd = Etcd.at(server);
  }

  StoreServer newServer() {
    return Servers.etcd().unsafeNoFsync().start();
  }

  @AfterAll
  final void stopServer() {
    etcd.close();
    server.close();
  }

  @AfterEach
  final void closeAll() throws Exception {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }

  final <T extends AutoCloseable> T closeLater(T resource) {
    open.push(resource);
    return resource;
  }

  static ClientSpec spec(Duration ttl, Duration timeout) {
    return new ClientSpec("tester", ttl, ttl.dividedBy(6), ttl.dividedBy(10), timeout);
  }

  final StoreConnection connect() {
    return started(EtcdBackend.connect(server.url()));
  }

  final StoreConnection started(EtcdBackend backend) {
    return started(backend, TTL, TIMEOUT);
  }

  final StoreConnection started(EtcdBackend backend, Duration ttl, Duration timeout) {
    return closeLater(backend.open(spec(ttl, timeout)));
  }

  /** A way to the server that can be cut. */
  final TcpProxy cable() throws Exception {
    return closeLater(TcpProxy.to(server.host(), server.port()));
  }

  final StoreSession session() throws Exception {
    return Await.get(connect().openSession());
  }

  /** A queue that nobody else uses. */
  static QueueName queue() {
    return new QueueName("test/lock/" + UUID.randomUUID());
  }

  static EntrySpec entry() {
    return new EntrySpec(
        UUID.randomUUID().toString().replace("-", ""), "w", "payload".getBytes(UTF_8));
  }

  static Mutation create(String key, String value, boolean ephemeral) {
    return new Mutation(key, Expected.absent(), Optional.of(value.getBytes(UTF_8)), ephemeral);
  }

  /** What stands under a path of ours. */
  final Iterable<String> keys(QueueName queue) {
    return etcd.keys("tenure/" + queue.path() + "/");
  }

  static boolean succeeds(StoreSession session) {
    return session
        .heartbeat()
        .handle((validity, error) -> error == null)
        .toCompletableFuture()
        .join();
  }
}

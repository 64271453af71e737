package io.tenure.zookeeper;

import io.tenure.Expected;
import io.tenure.spi.ClientSpec;
import io.tenure.spi.Enqueued;
import io.tenure.spi.EntrySpec;
import io.tenure.spi.Mutation;
import io.tenure.spi.QueueName;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreSession;
import io.tenure.testkit.server.NeedsStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A server for one test, and clients that are closed after it. */
@NeedsStore("zookeeper")
abstract class StoreTest {
  static final Duration TTL = Duration.ofSeconds(2);
  static final Duration PATIENCE = Duration.ofSeconds(30);
  static final Duration TICK = Duration.ofMillis(LocalServer.TICK_MILLIS);
  static final QueueName QUEUE = new QueueName("test/lock/a%2Fb");
  static final String QUEUE_PATH = "/tenure/test/lock/a%2Fb";

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  LocalServer server;

  @BeforeEach
  final void startServer(@TempDir Path directory) throws Exception {
    server = closeLater(LocalServer.start(directory));
  }

  @AfterEach
  final void closeAll() throws Exception {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }

  /**
   * A server that keeps sessions for long: a busy machine may take seconds to mend a connection
   * that a test breaks.
   */
  final void startPatientServer(Path directory) throws Exception {
    server = closeLater(LocalServer.start(directory, PATIENCE));
  }

  final StoreConnection connectPatiently(String connectString) {
    return startedPatiently(ZooKeeperBackend.builder(connectString));
  }

  final StoreConnection startedPatiently(ZooKeeperBackend.Builder builder) {
    StoreConnection backend = closeLater(builder.tickTime(TICK).build().open(spec(PATIENCE)));
    return backend;
  }

  final <T extends AutoCloseable> T closeLater(T resource) {
    open.push(resource);
    return resource;
  }

  static ClientSpec spec(Duration ttl) {
    return spec(ttl, Duration.ofSeconds(10));
  }

  static ClientSpec spec(Duration ttl, Duration requestTimeout) {
    return new ClientSpec("tester", ttl, ttl.dividedBy(6), ttl.dividedBy(10), requestTimeout);
  }

  final StoreConnection connect() {
    return connect(server.connectString());
  }

  final StoreConnection connect(String connectString) {
    return started(ZooKeeperBackend.builder(connectString));
  }

  final StoreConnection started(ZooKeeperBackend.Builder builder) {
    StoreConnection backend = closeLater(builder.tickTime(TICK).build().open(spec(TTL)));
    return backend;
  }

  final CuratorFramework curator() throws InterruptedException {
    return curator(CuratorFrameworkFactory.builder());
  }

  final CuratorFramework curator(CuratorFrameworkFactory.Builder builder)
      throws InterruptedException {
    CuratorFramework curator =
        closeLater(
            builder
                .connectString(server.connectString())
                .sessionTimeoutMs((int) TTL.toMillis())
                .connectionTimeoutMs((int) TTL.toMillis())
                .retryPolicy(new RetryOneTime(10))
                // It would keep a watch of its own.
                .ensembleTracker(false)
                .build());
    curator.start();
    curator.blockUntilConnected();
    return curator;
  }

  final StoreSession session() throws Exception {
    return Await.get(connect().openSession());
  }

  static long sessionId(StoreSession session) {
    return Long.parseUnsignedLong(session.id().substring(2), 16);
  }

  static EntrySpec entry(String payload) {
    return new EntrySpec(UUID.randomUUID().toString().replace("-", ""), "w", bytes(payload));
  }

  static Enqueued enqueue(StoreSession session, String payload) throws Exception {
    return Await.get(session.enqueue(QUEUE, entry(payload)));
  }

  static boolean isDone(CompletionStage<?> stage) {
    try {
      Await.get(stage);
      return true;
    } catch (Exception e) {
      return false;
    }
  }

  static boolean isOutcome(StoreException.Outcome outcome, CompletionStage<?> stage) {
    try {
      return Await.outcome(stage) == outcome;
    } catch (Exception | AssertionError e) {
      return false;
    }
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static Mutation put(String key, Expected expected, String value) {
    return new Mutation(key, expected, Optional.of(bytes(value)), false);
  }

  static Mutation putEphemeral(String key, Expected expected, String value) {
    return new Mutation(key, expected, Optional.of(bytes(value)), true);
  }

  static Mutation delete(String key, Expected expected) {
    return new Mutation(key, expected, Optional.empty(), false);
  }
}

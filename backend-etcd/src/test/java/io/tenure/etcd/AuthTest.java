package io.tenure.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.Auth;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.auth.Permission;
import io.tenure.CoordinationClient;
import io.tenure.Expected;
import io.tenure.Lease;
import io.tenure.spi.Detail;
import io.tenure.spi.Enqueued;
import io.tenure.spi.EntrySpec;
import io.tenure.spi.Mutation;
import io.tenure.spi.QueueName;
import io.tenure.spi.QueueView;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.StoreException.Outcome;
import io.tenure.spi.StoreSession;
import io.tenure.spi.Wait;
import io.tenure.testkit.server.NeedsStore;
import io.tenure.testkit.server.Servers;
import io.tenure.testkit.server.StoreServer;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With authentication switched on: tokens run out, and a session does not notice. */
@NeedsStore("etcd")
class AuthTest {
  private static final Duration TOKEN_LIFE = Duration.ofSeconds(4);
  private static final char[] PASSWORD = "pass word".toCharArray();

  @TempDir static Path directory;

  private static ByteSequence bytes(String text) {
    return ByteSequence.from(text, UTF_8);
  }

  /**
   * What a client of namespace "test" needs, and no more; docs/backends/etcd.md has the same. A
   * name that ends with a slash is a prefix.
   */
  private static final Map<String, Permission.Type> RIGHTS =
      Map.of(
          "tenure/.session/", Permission.Type.READWRITE,
          "tenure/.withdrawn/", Permission.Type.READWRITE,
          "tenure/.probe/", Permission.Type.READ,
          "tenure/test/lock/", Permission.Type.READWRITE,
          "tenure/test/election/", Permission.Type.READWRITE,
          "tenure/test/cell/", Permission.Type.READWRITE,
          "tenure/test/generation", Permission.Type.READ);

  /** Switches authentication on, with a user who has these rights. */
  private static void switchOn(StoreServer server) {
    try (Client operator = Client.builder().endpoints(server.url()).build()) {
      Auth auth = operator.getAuthClient();
      Etcd.get(auth.userAdd(bytes("root"), bytes("root")));
      Etcd.get(auth.roleAdd(bytes("root")));
      Etcd.get(auth.userGrantRole(bytes("root"), bytes("root")));
      Etcd.get(auth.userAdd(bytes("app"), bytes(new String(PASSWORD))));
      Etcd.get(auth.roleAdd(bytes("app")));
      RIGHTS.forEach(
          (name, type) ->
              Etcd.get(auth.roleGrantPermission(bytes("app"), bytes(name), end(name), type)));
      Etcd.get(auth.userGrantRole(bytes("app"), bytes("app")));
      Etcd.get(auth.authEnable());
    }
  }

  private static ByteSequence end(String name) {
    return name.endsWith("/")
        ? ByteSequence.from(Keys.end(ByteString.copyFromUtf8(name)))
        : ByteSequence.EMPTY;
  }

  private static StoreConnection backend(StoreServer server, String user, char[] password) {
    StoreConnection backend =
        EtcdBackend.builder(server.url())
            .user(user, password)
            .build()
            .open(StoreTest.spec(StoreTest.TTL, StoreTest.TIMEOUT));
    return backend;
  }

  @Test
  void aSessionOutlivesItsTokens() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    KeyPair keys = generator.generateKeyPair();
    String tokens =
        "--auth-token=jwt,sign-method=RS256,ttl=%ds,pub-key=%s,priv-key=%s"
            .formatted(
                TOKEN_LIFE.toSeconds(),
                Certificates.write(
                    directory.resolve("public.pem"), "PUBLIC KEY", keys.getPublic().getEncoded()),
                Certificates.write(
                    directory.resolve("key.pem"), "PRIVATE KEY", keys.getPrivate().getEncoded()));
    try (StoreServer server = Servers.etcd().unsafeNoFsync().arguments(tokens).start()) {
      switchOn(server);
      try (StoreConnection backend = backend(server, "app", PASSWORD);
          StoreConnection other = backend(server, "app", PASSWORD)) {
        StoreSession session = Await.get(backend.openSession());
        QueueName queue = StoreTest.queue();
        Enqueued own = Await.get(session.enqueue(queue, StoreTest.entry()));
        // Opens the stream of watches, with the first token.
        Wait early = session.awaitDeparture(own.self(), own.version());
        Await.get(other.read(queue, Detail.NAMES));
        live(session, TOKEN_LIFE.multipliedBy(2).plusSeconds(1));

        Await.get(other.read(queue, Detail.NAMES));
        Wait late = session.awaitDeparture(own.self(), own.version());
        CompletableFuture<QueueView> seen = new CompletableFuture<>();
        backend.watch(queue, Detail.NAMES, seen::complete, seen::completeExceptionally);
        assertThat(Await.get(seen).entries()).hasSize(1);
        assertThat(Await.get(session.remove(own.self()))).isTrue();
        Await.get(late.departed());
        Await.get(early.departed());
        Await.get(session.close());
      }
    }
  }

  private static void live(StoreSession session, Duration time) throws Exception {
    long start = System.nanoTime();
    while (System.nanoTime() - start < time.toNanos()) {
      assertThat(Await.get(session.heartbeat())).isEqualTo(StoreTest.TTL);
    }
  }

  @Test
  void tokensThatAServerHasForgottenAreReplacedAndRightsAreKept() throws Exception {
    try (StoreServer server = Servers.etcd().unsafeNoFsync().start()) {
      switchOn(server);
      try (StoreConnection backend = backend(server, "app", PASSWORD)) {
        StoreSession session = Await.get(backend.openSession());
        QueueName queue = StoreTest.queue();
        Await.get(session.enqueue(queue, StoreTest.entry()));
        server.restart();
        Await.until("a heartbeat gets through", () -> StoreTest.succeeds(session));
        assertThat(Await.get(session.enqueue(queue, StoreTest.entry())).ahead()).hasSize(1);

        try (Client root =
            Client.builder()
                .endpoints(server.url())
                .user(bytes("root"))
                .password(bytes("root"))
                .build()) {
          // Makes the revision of the auth store, which every token carries, an old one.
          Etcd.get(root.getAuthClient().roleAdd(bytes("new")));
        }
        assertThat(Await.get(session.enqueue(queue, StoreTest.entry())).ahead()).hasSize(2);
        refusesWhoHasNoRight(server, queue);
      }
    }
  }

  private static void refusesWhoHasNoRight(StoreServer server, QueueName queue) throws Exception {
    try (StoreConnection wrong = backend(server, "app", "wrong".toCharArray())) {
      assertThat(Await.outcome(wrong.openSession())).isEqualTo(Outcome.REFUSED);
      assertThat(Await.outcome(wrong.read(queue, Detail.NAMES))).isEqualTo(Outcome.REFUSED);
    }
    try (StoreConnection elsewhere =
        EtcdBackend.builder(server.url())
            .user("app", PASSWORD)
            .root("other")
            .build()
            .open(StoreTest.spec(StoreTest.TTL, StoreTest.TIMEOUT))) {
      assertThat(Await.outcome(elsewhere.openSession())).isEqualTo(Outcome.REFUSED);
      CompletableFuture<Throwable> ended = new CompletableFuture<>();
      elsewhere.watch(queue, Detail.NAMES, view -> {}, ended::complete);
      assertThat(Await.get(ended)).hasMessageContaining("permission denied");
    }
    try (StoreConnection nobody =
        EtcdBackend.connect(server.url()).open(StoreTest.spec(StoreTest.TTL, StoreTest.TIMEOUT))) {
      assertThat(Await.outcome(nobody.get("k"))).isEqualTo(Outcome.REFUSED);
    }
  }

  @Test
  void theRightsThatTheDocumentationNamesAreEnoughForAClient() throws Exception {
    try (StoreServer server = Servers.etcd().unsafeNoFsync().start()) {
      switchOn(server);
      try (StoreConnection backend = backend(server, "app", PASSWORD);
          CoordinationClient client =
              CoordinationClient.builder(
                      EtcdBackend.builder(server.url()).user("app", PASSWORD).build())
                  .namespace("test")
                  .build()) {
        Lease lease = client.lock("x").acquire();
        CompletableFuture<Lease> next = client.lock("x").acquireAsync();
        Lease turn = client.leaderLatch("e").start().await();
        assertThat(client.election("e").leader()).isPresent();
        Await.get(
            client
                .cells()
                .guardedBy(turn)
                .compareAndSwapAsync("c", Expected.absent(), new byte[1]));
        lease.close();
        Await.get(next).close();

        StoreSession session = Await.get(backend.openSession());
        QueueName queue = StoreTest.queue();
        EntrySpec spec = StoreTest.entry();
        Await.get(session.withdraw(queue, spec.id()));
        assertThat(Await.failure(session.enqueue(queue, spec))).hasMessageContaining("withdrawn");
        Mutation generation = StoreTest.create("test/generation", "1", false);
        assertThat(Await.outcome(backend.write(List.of(generation)))).isEqualTo(Outcome.REFUSED);
      }
    }
  }

  @Test
  void aUserHasANameAndAPassword() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EtcdBackend.builder("http://e:2379").user("", PASSWORD));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EtcdBackend.builder("http://e:2379").user("app", new char[0]));
  }
}

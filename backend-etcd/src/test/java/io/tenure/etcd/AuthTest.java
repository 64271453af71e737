package io.tenure.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.etcd.jetcd.Auth;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.auth.Permission;
import io.tenure.spi.Detail;
import io.tenure.spi.Enqueued;
import io.tenure.spi.QueueName;
import io.tenure.spi.QueueView;
import io.tenure.spi.StoreException.Outcome;
import io.tenure.spi.StoreSession;
import io.tenure.spi.Wait;
import io.tenure.testkit.server.Servers;
import io.tenure.testkit.server.StoreServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With authentication switched on: tokens run out, and a session does not notice. */
class AuthTest {
  private static final Duration TOKEN_LIFE = Duration.ofSeconds(3);
  private static final char[] PASSWORD = "pass word".toCharArray();

  @TempDir static Path directory;

  private static ByteSequence bytes(String text) {
    return ByteSequence.from(text, UTF_8);
  }

  /** Switches authentication on, with a user who may do everything below one prefix. */
  private static void switchOn(StoreServer server, String prefix) {
    try (Client operator = Client.builder().endpoints(server.url()).build()) {
      Auth auth = operator.getAuthClient();
      Etcd.get(auth.userAdd(bytes("root"), bytes("root")));
      Etcd.get(auth.roleAdd(bytes("root")));
      Etcd.get(auth.userGrantRole(bytes("root"), bytes("root")));
      Etcd.get(auth.userAdd(bytes("app"), bytes(new String(PASSWORD))));
      Etcd.get(auth.roleAdd(bytes("app")));
      Etcd.get(
          auth.roleGrantPermission(
              bytes("app"), bytes(prefix + "/"), bytes(prefix + "0"), Permission.Type.READWRITE));
      Etcd.get(auth.userGrantRole(bytes("app"), bytes("app")));
      Etcd.get(auth.authEnable());
    }
  }

  private static EtcdBackend backend(StoreServer server, String user, char[] password) {
    EtcdBackend backend = EtcdBackend.builder(server.url()).user(user, password).build();
    backend.start(StoreTest.spec(StoreTest.TTL, StoreTest.TIMEOUT));
    return backend;
  }

  @Test
  void aSessionOutlivesItsTokens() throws Exception {
    Certificates keys = Certificates.in(directory);
    String tokens =
        "--auth-token=jwt,sign-method=RS256,ttl=%ds,pub-key=%s,priv-key=%s"
            .formatted(TOKEN_LIFE.toSeconds(), keys.publicKey("client"), keys.key("client"));
    try (StoreServer server = Servers.etcd().unsafeNoFsync().arguments(tokens).start()) {
      switchOn(server, "tenure");
      try (EtcdBackend backend = backend(server, "app", PASSWORD);
          EtcdBackend other = backend(server, "app", PASSWORD)) {
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
      switchOn(server, "tenure");
      try (EtcdBackend backend = backend(server, "app", PASSWORD)) {
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
    try (EtcdBackend wrong = backend(server, "app", "wrong".toCharArray())) {
      assertThat(Await.outcome(wrong.openSession())).isEqualTo(Outcome.REFUSED);
      assertThat(Await.outcome(wrong.read(queue, Detail.NAMES))).isEqualTo(Outcome.REFUSED);
    }
    try (EtcdBackend elsewhere =
        EtcdBackend.builder(server.url()).user("app", PASSWORD).root("other").build()) {
      elsewhere.start(StoreTest.spec(StoreTest.TTL, StoreTest.TIMEOUT));
      assertThat(Await.outcome(elsewhere.openSession())).isEqualTo(Outcome.REFUSED);
      CompletableFuture<Throwable> ended = new CompletableFuture<>();
      elsewhere.watch(queue, Detail.NAMES, view -> {}, ended::complete);
      assertThat(Await.get(ended)).hasMessageContaining("permission denied");
    }
    try (EtcdBackend nobody = EtcdBackend.connect(server.url())) {
      nobody.start(StoreTest.spec(StoreTest.TTL, StoreTest.TIMEOUT));
      assertThat(Await.outcome(nobody.get("k"))).isEqualTo(Outcome.REFUSED);
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

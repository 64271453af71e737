package io.tenure.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.etcd.jetcd.Client;
import io.tenure.CoordinationClient;
import io.tenure.Lease;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.StoreException.Outcome;
import io.tenure.testkit.server.NeedsStore;
import io.tenure.testkit.server.Servers;
import io.tenure.testkit.server.StoreServer;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NeedsStore("etcd")
class TlsTest {
  @TempDir static Path directory;
  private static Certificates certificates;

  @BeforeAll
  static void certify() throws Exception {
    certificates = Certificates.in(directory);
  }

  @Test
  void aClientThatTheServerKnowsHoldsALeaseOverTls() throws Exception {
    try (StoreServer server =
            Servers.etcd().unsafeNoFsync().tls(certificates.forServer(true)).start();
        CoordinationClient client =
            CoordinationClient.builder(
                    EtcdBackend.builder(server.url())
                        .trust(certificates.certificate("authority"))
                        .identity(certificates.certificate("client"), certificates.key("client"))
                        .build())
                .leaseTtl(StoreTest.SHORTEST)
                .build()) {
      assertThat(server.url()).startsWith("https://");
      Lease lease = client.lock("x").acquire();
      long start = System.nanoTime();
      Await.until(
          "twice the TTL is over",
          () -> {
            assertThat(lease.isHeld()).isTrue();
            return System.nanoTime() - start > StoreTest.SHORTEST.multipliedBy(2).toNanos();
          });
      lease.close();

      refusesWhomItDoesNotKnow(server);
      isRefusedWhenNotTrusted(server);
      servesALentClient(server);
    }
  }

  private static void refusesWhomItDoesNotKnow(StoreServer server) throws Exception {
    EtcdBackend.Builder nobody =
        EtcdBackend.builder(server.url()).trust(certificates.certificate("authority"));
    EtcdBackend.Builder stranger =
        EtcdBackend.builder(server.url())
            .trust(certificates.certificate("authority"))
            .identity(certificates.certificate("stranger"), certificates.key("stranger"));
    for (EtcdBackend.Builder builder : new EtcdBackend.Builder[] {nobody, stranger}) {
      assertThat(outcome(builder.build())).isEqualTo(Outcome.NOT_DONE);
    }
  }

  private static void isRefusedWhenNotTrusted(StoreServer server) throws Exception {
    EtcdBackend.Builder mistrusting =
        EtcdBackend.builder(server.url())
            .trust(certificates.certificate("stranger"))
            .identity(certificates.certificate("client"), certificates.key("client"));
    assertThat(outcome(mistrusting.build())).isEqualTo(Outcome.NOT_DONE);
    assertThat(outcome(EtcdBackend.connect(server.url()))).isEqualTo(Outcome.NOT_DONE);
  }

  private static Outcome outcome(EtcdBackend backend) throws Exception {
    try (StoreConnection connection =
        backend.open(StoreTest.spec(StoreTest.TTL, StoreTest.TIMEOUT))) {
      return Await.outcome(connection.get("k"));
    }
  }

  private static void servesALentClient(StoreServer server) throws Exception {
    Path authority = certificates.certificate("authority");
    Path certificate = certificates.certificate("client");
    Path key = certificates.key("client");
    try (Client jetcd =
            Client.builder()
                .endpoints(server.url())
                .sslContext(
                    context ->
                        context
                            .trustManager(authority.toFile())
                            .keyManager(certificate.toFile(), key.toFile()))
                .interceptor(EtcdBackend.interceptor())
                .build();
        CoordinationClient client = CoordinationClient.create(EtcdBackend.using(jetcd));
        Lease lease = client.lock("x").acquire()) {
      assertThat(lease.isHeld()).isTrue();
    }
  }

  @Test
  void certificatesForPlainTextAndFilesThatAreNoneAreRefusedAtTheDoor() {
    Path missing = directory.resolve("missing.pem");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EtcdBackend.builder("http://etcd-1:2379").trust(missing))
        .withMessageContaining("https");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EtcdBackend.builder("http://etcd-1:2379").identity(missing, missing))
        .withMessageContaining("https");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EtcdBackend.builder("https://etcd-1:2379").trust(missing).build())
        .withMessageContaining("missing.pem");
  }
}

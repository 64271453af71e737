package io.tenure.consul;

import static io.tenure.testkit.Eventually.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.spi.Enqueued;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.StoreException.Outcome;
import io.tenure.spi.StoreSession;
import io.tenure.testkit.server.Servers;
import io.tenure.testkit.server.StoreServer;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest extends ConsulTest {
  @TempDir private static Path directory;

  private static Certificates certificates;

  @BeforeAll
  static void makeCertificates() throws Exception {
    certificates = Certificates.in(directory, "ip:127.0.0.1");
  }

  private StoreServer server(Certificates certificates, boolean clientsMustAuthenticate)
      throws Exception {
    return closeLater(
        Servers.consul().tls(certificates.forServer(clientsMustAuthenticate)).start());
  }

  private StoreConnection backend(StoreServer server, SSLContext context) {
    return started(ConsulBackend.builder(server.url()).tls(context), TTL);
  }

  private void assertWorks(StoreConnection backend) {
    StoreSession session = session(backend);
    Enqueued mine = enqueue(session, "a");
    assertThat(answer(session.heartbeat())).isEqualTo(TTL);
    assertThat(answer(session.remove(mine.self()))).isTrue();
    answer(session.awaitDeparture(mine.self(), mine.version()).departed());
  }

  @Test
  void aServerIsTrustedWhomTheContextTrustsAndOnlyThen() throws Exception {
    StoreServer server = server(certificates, false);
    assertThat(server.url()).startsWith("https://");
    assertWorks(backend(server, certificates.context(false)));

    StoreConnection trusting = started(ConsulBackend.builder(server.url()), TTL);
    assertThat(outcome(trusting.openSession())).isEqualTo(Outcome.REFUSED);
    assertThat(outcome(trusting.get("k"))).isEqualTo(Outcome.REFUSED);
  }

  @Test
  void aServerWithAnotherNameIsRefused(@TempDir Path other) throws Exception {
    Certificates elsewhere = Certificates.in(other, "dns:elsewhere.example");
    StoreServer server = server(elsewhere, false);
    assertThat(outcome(backend(server, elsewhere.context(false)).openSession()))
        .isEqualTo(Outcome.REFUSED);
  }

  @Test
  void aServerThatWantsACertificateGetsTheClients() throws Exception {
    StoreServer server = server(certificates, true);
    assertWorks(backend(server, certificates.context(true)));
    assertThat(outcome(backend(server, certificates.context(false)).openSession()))
        .isNotEqualTo(Outcome.SESSION_GONE);
  }
}

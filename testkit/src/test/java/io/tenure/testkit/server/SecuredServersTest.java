package io.tenure.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.UUID;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(300)
class SecuredServersTest {
  private static final char[] PASSWORD = "secret".toCharArray();

  @TempDir static Path directory;
  private static KeyStore identity;
  private static Path certificate;
  private static Path key;

  /** One self-signed certificate serves as authority, as server and as client. */
  @BeforeAll
  static void certify() throws Exception {
    Path store = directory.resolve("identity.p12");
    String command =
        "keytool -genkeypair -alias self -keyalg RSA -dname CN=localhost -ext SAN=IP:127.0.0.1"
            + " -ext BC=ca:true -storetype PKCS12 -keystore identity.p12 -storepass secret";
    Path tools = Path.of(System.getProperty("java.home"), "bin");
    Command.run(directory, (tools + "/" + command).split(" "));
    identity = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      identity.load(in, PASSWORD);
    }
    certificate = pem("CERTIFICATE", identity.getCertificate("self").getEncoded());
    key = pem("PRIVATE KEY", identity.getKey("self", PASSWORD).getEncoded());
  }

  private static Path pem(String what, byte[] content) throws IOException {
    String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return Files.writeString(
        directory.resolve(what.replace(' ', '-') + ".pem"),
        "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(what, lines, what));
  }

  @ParameterizedTest
  @EnumSource
  void withTlsAClientIsServedWithoutACertificateUnlessItMustHaveOne(Store store) throws Exception {
    String question = store == Store.ZOOKEEPER ? "srvr" : "GET /version HTTP/1.0\r\n\r\n";
    try (StoreServer node = Setups.own(store).tls(files(false)).start()) {
      assertThat(node.url()).startsWith("https://");
      assertThat(ask(node, context(false), question)).isNotEmpty();
    }
    try (StoreServer node = Setups.own(store).tls(files(true)).start()) {
      assertThat(ask(node, context(true), question)).isNotEmpty();
      assertThatThrownBy(() -> ask(node, context(false), question)).isInstanceOf(IOException.class);
    }
  }

  private static TlsFiles files(boolean clientsMustAuthenticate) {
    return new TlsFiles(certificate, certificate, key, clientsMustAuthenticate);
  }

  @Test
  void withAclsWhoeverHasNoTokenIsDenied() throws Exception {
    String token = UUID.randomUUID().toString();
    try (StoreServer node = Setups.own(Store.CONSUL).acl(token).start()) {
      assertThat(put(node, "")).isEqualTo(403);
      assertThat(put(node, token)).isEqualTo(200);
      assertThat(node.isLeader()).isTrue();
    }
  }

  private static int put(StoreServer node, String token) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(node.url() + "/v1/kv/key"))
            .header("X-Consul-Token", token)
            .PUT(HttpRequest.BodyPublishers.ofString("value"))
            .build();
    return HttpClient.newHttpClient()
        .send(request, HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  /** Reads all of the answer: in TLS 1.3 a client learns only then that it was refused. */
  private static String ask(StoreServer node, SSLContext context, String question)
      throws IOException {
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(node.host(), node.port())) {
      socket.setSoTimeout(30_000);
      socket.getOutputStream().write(question.getBytes());
      return new String(socket.getInputStream().readAllBytes());
    }
  }

  private static SSLContext context(boolean withCertificate) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("authority", identity.getCertificate("self"));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(identity, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(withCertificate ? keys.getKeyManagers() : null, trust.getTrustManagers(), null);
    return context;
  }
}

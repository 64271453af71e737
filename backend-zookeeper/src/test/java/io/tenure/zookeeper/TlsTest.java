package io.tenure.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.spi.StoreConnection;
import io.tenure.spi.StoreException.Outcome;
import io.tenure.spi.StoreSession;
import io.tenure.testkit.server.NeedsStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.server.ServerCnxnFactory;
import org.apache.zookeeper.server.auth.ProviderRegistry;
import org.apache.zookeeper.server.auth.X509AuthenticationProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client's own configuration goes through to it: here, TLS on both sides. */
@NeedsStore("zookeeper")
class TlsTest {
  private static final String PASSWORD = "canary-secret";
  private static final String AUTH_PROVIDER = "zookeeper.authProvider.x509";

  @TempDir private Path directory;
  private Map<String, String> stores;
  private LocalServer server;

  @BeforeEach
  void startServer() throws Exception {
    Path keys = directory.resolve("keys.p12");
    Path trusted = directory.resolve("trusted.p12");
    makeCertificate(keys, trusted);
    stores =
        Map.of(
            "zookeeper.ssl.keyStore.location",
            keys.toString(),
            "zookeeper.ssl.keyStore.password",
            PASSWORD,
            "zookeeper.ssl.trustStore.location",
            trusted.toString(),
            "zookeeper.ssl.trustStore.password",
            PASSWORD);
    // A server takes these from nowhere else.
    stores.forEach(System::setProperty);
    System.setProperty(
        ServerCnxnFactory.ZOOKEEPER_SERVER_CNXN_FACTORY,
        "org.apache.zookeeper.server.NettyServerCnxnFactory");
    System.setProperty(AUTH_PROVIDER, X509AuthenticationProvider.class.getName());
    ProviderRegistry.addOrUpdateProvider(AUTH_PROVIDER);
    server = LocalServer.startSecure(directory);
  }

  @AfterEach
  void forgetProperties() {
    stores.keySet().forEach(System::clearProperty);
    System.clearProperty(AUTH_PROVIDER);
    System.clearProperty(ServerCnxnFactory.ZOOKEEPER_SERVER_CNXN_FACTORY);
  }

  @AfterEach
  void stopServer() throws Exception {
    server.close();
  }

  /** A certificate that both sides show and trust. */
  private void makeCertificate(Path keys, Path trusted) throws Exception {
    String certificate = directory.resolve("test.cer").toString();
    keytool(
        keys,
        "-genkeypair -keyalg EC -dname CN=localhost -ext SAN=ip:127.0.0.1,dns:localhost"
            .split(" "));
    keytool(keys, "-exportcert", "-file", certificate);
    keytool(trusted, "-importcert", "-noprompt", "-file", certificate);
  }

  private static void keytool(Path store, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(List.of("-alias", "test", "-storetype", "PKCS12", "-storepass", PASSWORD));
    command.addAll(List.of("-keystore", store.toString()));
    Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(keytool.waitFor()).as(output).isZero();
  }

  private StoreConnection started(ZKClientConfig config, Duration requestTimeout) {
    StoreConnection backend =
        ZooKeeperBackend.builder(server.connectString())
            .tickTime(StoreTest.TICK)
            .clientConfig(config)
            .build()
            .open(StoreTest.spec(Duration.ofSeconds(10), requestTimeout));
    return backend;
  }

  private static ZKClientConfig tls() {
    ZKClientConfig config = new ZKClientConfig();
    config.setProperty(ZKClientConfig.SECURE_CLIENT, "true");
    config.setProperty(
        ZKClientConfig.ZOOKEEPER_CLIENT_CNXN_SOCKET, "org.apache.zookeeper.ClientCnxnSocketNetty");
    return config;
  }

  @Test
  void aClientWithACertificateIsServed() throws Exception {
    ZKClientConfig config = tls();
    stores.forEach(config::setProperty);
    try (StoreConnection backend = started(config, Duration.ofSeconds(15))) {
      StoreSession session = Await.get(backend.openSession());

      assertThat(StoreTest.enqueue(session, "me").ahead()).isEmpty();
      Await.get(session.heartbeat());
    }
  }

  @Test
  void aClientWithoutOneIsNot() throws Exception {
    ZKClientConfig config = tls();
    stores.forEach(config::setProperty);
    config.setProperty("zookeeper.ssl.keyStore.location", "");
    try (StoreConnection backend = started(config, Duration.ofSeconds(1))) {
      assertThat(Await.outcome(backend.openSession())).isEqualTo(Outcome.NOT_DONE);
    }
  }
}

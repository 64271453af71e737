package io.tenure.consul;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.tenure.testkit.server.TlsFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Certificates for one test, made by the JDK's keytool: an authority, and whom it vouches for. */
final class Certificates {
  private static final char[] PASSWORD = "changeit".toCharArray();

  private final Path directory;

  private Certificates(Path directory) {
    this.directory = directory;
  }

  /**
   * Makes an authority, a server at an address, and a client.
   *
   * @param subject the server's name as keytool takes it: {@code ip:127.0.0.1}
   */
  static Certificates in(Path directory, String subject) throws Exception {
    Certificates made = new Certificates(directory);
    made.make("authority", "-ext", "bc=ca:true");
    made.make("server", "-signer", "authority", "-ext", "san=" + subject);
    made.make("client", "-signer", "authority");
    return made;
  }

  private Path store() {
    return directory.resolve("all.p12");
  }

  private void make(String alias, String... more) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-genkeypair", "-alias", alias, "-dname", "CN=" + alias));
    command.addAll(List.of("-keyalg", "RSA", "-validity", "2", "-storetype", "PKCS12"));
    command.addAll(
        List.of("-keystore", store().toString(), "-storepass", String.valueOf(PASSWORD)));
    command.addAll(List.of(more));
    Path log = directory.resolve(alias + ".log");
    int status =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start()
            .waitFor();
    if (status != 0) {
      throw new IOException("keytool failed: " + Files.readString(log));
    }
  }

  private KeyStore keys() throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store())) {
      keys.load(in, PASSWORD);
    }
    return keys;
  }

  private KeyStore only(String alias, boolean withKey) throws Exception {
    KeyStore all = keys();
    KeyStore one = KeyStore.getInstance("PKCS12");
    one.load(null, PASSWORD);
    if (withKey) {
      one.setKeyEntry(alias, all.getKey(alias, PASSWORD), PASSWORD, all.getCertificateChain(alias));
    } else {
      one.setCertificateEntry(alias, all.getCertificate(alias));
    }
    return one;
  }

  /** What a client needs that trusts the authority, and shows its own certificate or none. */
  SSLContext context(boolean showsCertificate) throws Exception {
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(only("authority", false));
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(showsCertificate ? only("client", true) : null, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  TlsFiles forServer(boolean clientsMustAuthenticate) throws Exception {
    return new TlsFiles(
        pem("ca.pem", "CERTIFICATE", keys().getCertificate("authority").getEncoded()),
        pem("server.pem", "CERTIFICATE", keys().getCertificate("server").getEncoded()),
        pem("server-key.pem", "PRIVATE KEY", keys().getKey("server", PASSWORD).getEncoded()),
        clientsMustAuthenticate);
  }

  private Path pem(String name, String type, byte[] encoded) throws IOException {
    String body = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(encoded);
    return Files.writeString(
        directory.resolve(name),
        "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n");
  }
}

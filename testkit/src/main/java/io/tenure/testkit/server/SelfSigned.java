package io.tenure.testkit.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A certificate for the loopback address that vouches for itself, as PEM. */
public final class SelfSigned {
  private static final String ALIAS = "server";
  private static final String PASSWORD = "not-a-secret";

  private SelfSigned() {}

  /**
   * Makes one with the JDK's keytool.
   *
   * @param directory where its files go
   * @return the files, for servers that take any client
   * @throws Exception if it cannot be made
   */
  public static TlsFiles in(Path directory) throws Exception {
    Path store = directory.resolve("keys.p12");
    generate(store);
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream stream = Files.newInputStream(store)) {
      keys.load(stream, PASSWORD.toCharArray());
    }
    Path certificate = directory.resolve("cert.pem");
    Path key = directory.resolve("key.pem");
    write(certificate, "CERTIFICATE", keys.getCertificate(ALIAS).getEncoded());
    write(key, "PRIVATE KEY", keys.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded());
    return new TlsFiles(certificate, certificate, key, false);
  }

  private static void generate(Path store) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(
        List.of("-genkeypair", "-keyalg", "EC", "-dname", "CN=localhost", "-storetype", "PKCS12"));
    command.addAll(List.of("-ext", "SAN=ip:127.0.0.1", "-alias", ALIAS, "-storepass", PASSWORD));
    command.addAll(List.of("-keystore", store.toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }

  private static void write(Path file, String what, byte[] bytes) throws IOException {
    String body = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(bytes);
    Files.writeString(
        file, "-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----\n");
  }
}

package io.tenure.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tenure.testkit.server.TlsFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** An authority of a test's own, made with the JDK's keytool, and what it has certified, as PEM. */
final class Certificates {
  private static final String PASSWORD = "changeit";

  private final Path directory;
  private final Path store;

  private Certificates(Path directory) {
    this.directory = directory;
    this.store = directory.resolve("store.p12");
  }

  static Certificates in(Path directory) throws Exception {
    Certificates certificates = new Certificates(directory);
    certificates.generate("authority", "-ext", "bc=ca:true");
    certificates.generate("server", "-signer", "authority", "-ext", "san=ip:127.0.0.1");
    certificates.generate("client", "-signer", "authority");
    certificates.generate("stranger");
    return certificates;
  }

  private void generate(String alias, String... more) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-XX:TieredStopAtLevel=1",
                "-genkeypair",
                "-alias",
                alias,
                "-dname",
                "CN=" + alias,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD));
    command.addAll(List.of(more));
    Path log = directory.resolve(alias + ".log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    if (process.waitFor() != 0) {
      throw new IOException("keytool failed: " + Files.readString(log));
    }
  }

  /** The certificate of one of "authority", "server", "client", "stranger". */
  Path certificate(String alias) throws Exception {
    return write(
        directory.resolve(alias + ".pem"),
        "CERTIFICATE",
        keys().getCertificate(alias).getEncoded());
  }

  /** Its private key. */
  Path key(String alias) throws Exception {
    return write(
        directory.resolve(alias + "-key.pem"),
        "PRIVATE KEY",
        keys().getKey(alias, PASSWORD.toCharArray()).getEncoded());
  }

  TlsFiles forServer(boolean clientsMustAuthenticate) throws Exception {
    return new TlsFiles(
        certificate("authority"), certificate("server"), key("server"), clientsMustAuthenticate);
  }

  private KeyStore keys() throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return keys;
  }

  /** Writes something as PEM. */
  static Path write(Path file, String type, byte[] encoded) throws IOException {
    String body = Base64.getMimeEncoder(64, "\n".getBytes(UTF_8)).encodeToString(encoded);
    return Files.writeString(
        file, "-----BEGIN %1$s-----%n%2$s%n-----END %1$s-----%n".formatted(type, body));
  }
}

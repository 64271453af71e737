package io.tenure.testkit.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * The files for encrypted connections of clients, all PEM. The nodes speak plain text among
 * themselves, and to us when we ask how they are.
 *
 * @param authority the certificate that clients' certificates are checked against
 * @param certificate the servers' certificate, for the address 127.0.0.1
 * @param key its private key, PKCS #8
 * @param clientsMustAuthenticate whether a client without a certificate is refused
 */
public record TlsFiles(
    Path authority, Path certificate, Path key, boolean clientsMustAuthenticate) {
  static final String AUTHORITY = "ca.pem";
  static final String CERTIFICATE = "cert.pem";
  static final String KEY = "key.pem";

  /** Checks that nothing is missing. */
  public TlsFiles {
    Objects.requireNonNull(authority, "authority");
    Objects.requireNonNull(certificate, "certificate");
    Objects.requireNonNull(key, "key");
  }

  /** The files as they stand in a node's configuration directory. */
  Map<String, String> copies() {
    return Map.of(
        "conf/" + AUTHORITY, read(authority),
        "conf/" + CERTIFICATE, read(certificate),
        "conf/" + KEY, read(key));
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }
}

package io.tenure.cli;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What a store asks for besides its address.
 *
 * @param root the path under which clients keep everything, or empty for the backend's default
 * @param credentials a user and a password
 * @param token Consul's token
 * @param tls whether to speak TLS
 * @param trust a PEM file with the authorities to trust, or empty for those of the JVM
 * @param identity what to show of ourselves
 */
record Access(
    Optional<String> root,
    Optional<Credentials> credentials,
    Optional<String> token,
    boolean tls,
    Optional<Path> trust,
    Optional<Identity> identity) {
  /** A store that asks for nothing. */
  static final Access PLAIN =
      new Access(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          false,
          Optional.empty(),
          Optional.empty());

  @Override
  public String toString() {
    return "Access";
  }
}

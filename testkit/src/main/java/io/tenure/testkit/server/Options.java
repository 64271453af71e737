package io.tenure.testkit.server;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What the user chose for the nodes of one setup. */
record Options(
    List<String> arguments,
    List<String> configuration,
    Optional<TlsFiles> tls,
    Optional<String> token,
    Duration tick,
    boolean fsync,
    boolean severable) {
  static final Options DEFAULTS =
      new Options(
          List.of(),
          List.of(),
          Optional.empty(),
          Optional.empty(),
          Duration.ofSeconds(2),
          true,
          false);
}

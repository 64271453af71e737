package io.tenure.examples;

import java.time.Duration;
import java.util.List;

/**
 * What a replica must know to take part: its arguments.
 *
 * @param name its candidate id
 * @param store the store, as {@link Stores#connect} takes it
 * @param namespace what keeps this run apart from everything else in the store
 * @param ttl the time to live of its session
 * @param ledger the ledger's JDBC URL
 * @param guarded whether its writes pass the guard
 */
record ReplicaSettings(
    String name, String store, String namespace, Duration ttl, String ledger, boolean guarded) {
  /** The election that the replicas stand in, and the one name that all of them share. */
  static final String ELECTION = "ledger";

  /** The environment variable with the ledger's password, since arguments can be seen by anyone. */
  static final String PASSWORD_VARIABLE = "TENURE_DRILL_PASSWORD";

  private static final String USAGE =
      "a replica is started by the drill, with NAME STORE NAMESPACE TTL LEDGER GUARDED";

  List<String> arguments() {
    return List.of(name, store, namespace, ttl.toString(), ledger, Boolean.toString(guarded));
  }

  static ReplicaSettings parse(String... args) {
    if (args.length != 6) {
      throw new IllegalArgumentException(USAGE + ", but has " + args.length + " arguments");
    }
    return new ReplicaSettings(
        args[0], args[1], args[2], Duration.parse(args[3]), args[4], Boolean.parseBoolean(args[5]));
  }

  /** The same settings for a replica of another name. */
  ReplicaSettings named(String other) {
    return new ReplicaSettings(other, store, namespace, ttl, ledger, guarded);
  }
}

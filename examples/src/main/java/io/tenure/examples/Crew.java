package io.tenure.examples;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The replicas that the drill has started, by name. */
final class Crew {
  private final ReplicaSettings settings;
  private final String password;
  private final History history;
  private final Cleanup cleanup;
  private final Map<String, ReplicaProcess> replicas = new HashMap<>();

  /**
   * Begins without any replica.
   *
   * @param settings those of every replica but for its name
   * @param password the ledger's
   * @param cleanup ends what is still running at the end
   */
  Crew(ReplicaSettings settings, String password, History history, Cleanup cleanup) {
    this.settings = settings;
    this.password = password;
    this.history = history;
    this.cleanup = cleanup;
  }

  /** Starts a replica, in place of one of that name that has ended. */
  Moment start(String name) throws IOException {
    ReplicaProcess replica =
        cleanup.add(ReplicaProcess.create(settings.named(name), password, history));
    replicas.put(name, replica);
    return replica.listen();
  }

  /** Returns the newest process of a replica that was started. */
  ReplicaProcess get(String name) {
    return Optional.ofNullable(replicas.get(name)).orElseThrow();
  }
}

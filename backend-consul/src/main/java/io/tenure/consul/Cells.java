package io.tenure.consul;

import io.tenure.Versioned;
import io.tenure.spi.Mutation;
import io.tenure.spi.WriteOutcome;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Versioned cells.
 *
 * <p>A cell is a key, its version the raft index of its last write: an index that the store gives
 * to one write only, so that a version never comes again.
 */
final class Cells {
  private final Agent agent;
  private final Keys keys;

  /** On whose behalf a session writes: it, and the key it has to hold for it, if there is one. */
  record Writer(String session, Optional<String> guard) {}

  Cells(Agent agent, Keys keys) {
    this.agent = agent;
    this.keys = keys;
  }

  CompletableFuture<Optional<Versioned>> get(String key) {
    return agent
        .read("read " + key, new Place(keys.cell(key), Place.Scope.KEY))
        .thenApply(
            now ->
                now.pairs().stream()
                    .findFirst()
                    .map(pair -> new Versioned(pair.bytes(), pair.modifyIndex())));
  }

  /**
   * Writes cells.
   *
   * @param writer empty for a write outside of any session
   */
  CompletableFuture<WriteOutcome> write(Optional<Writer> writer, List<Mutation> writes) {
    return new CellWrite(agent, this, writer, writes).run();
  }

  String key(Mutation write) {
    return keys.cell(write.key());
  }
}

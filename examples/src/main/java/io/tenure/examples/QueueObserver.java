package io.tenure.examples;

import io.tenure.Candidate;
import io.tenure.CoordinationClient;
import io.tenure.Subscription;
import io.tenure.examples.Report.What;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Follows the election's queue from outside, and notes each candidate that begins to wait. */
final class QueueObserver implements AutoCloseable {
  /**
   * Longer than a replica may wait: this one only has to find out whether there is a store, and on
   * a busy machine the first connection of a JVM takes its time.
   */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final CoordinationClient client;
  private final Subscription observation;
  private final History history;
  private final Set<Long> seen = new HashSet<>();

  private QueueObserver(CoordinationClient client, History history) {
    this.client = client;
    this.history = history;
    this.observation = client.election(ReplicaSettings.ELECTION).observeQueue(this::look);
  }

  /**
   * Begins to observe.
   *
   * @throws IllegalArgumentException if the store takes no such TTL
   * @throws io.tenure.BackendUnavailableException if the store cannot be reached
   */
  static QueueObserver start(ReplicaSettings settings, History history)
      throws InterruptedException {
    CoordinationClient client =
        CoordinationClient.builder(Stores.connect(settings.store()))
            .candidate("the drill")
            .namespace(settings.namespace())
            .leaseTtl(settings.ttl())
            .requestTimeout(PATIENCE)
            .build();
    try {
      client.election(ReplicaSettings.ELECTION).leader();
    } catch (RuntimeException | InterruptedException e) {
      client.close();
      throw e;
    }
    return new QueueObserver(client, history);
  }

  private void look(List<Candidate> queue) {
    for (int place = 2; place <= queue.size(); place++) {
      Candidate waiting = queue.get(place - 1);
      if (seen.add(waiting.token().value())) {
        history.add(waiting.id(), Report.of(What.STANDBY, waiting.token(), place));
      }
    }
  }

  @Override
  public void close() {
    observation.close();
    client.close();
  }
}

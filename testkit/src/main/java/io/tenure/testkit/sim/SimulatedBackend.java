package io.tenure.testkit.sim;

import io.tenure.Subscription;
import io.tenure.Versioned;
import io.tenure.spi.Backend;
import io.tenure.spi.ClientSpec;
import io.tenure.spi.Detail;
import io.tenure.spi.Mutation;
import io.tenure.spi.QueueName;
import io.tenure.spi.QueueView;
import io.tenure.spi.StoreSession;
import io.tenure.spi.Traits;
import io.tenure.spi.WriteOutcome;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** The store as one simulated process sees it. */
final class SimulatedBackend implements Backend {
  private final Link link;
  private final StoreProfile profile;
  private final double patience;
  private long ttlNanos;

  /**
   * Creates a backend.
   *
   * @param patience its own time limit as a part of the client's, from which it may differ
   */
  SimulatedBackend(Link link, StoreProfile profile, double patience) {
    this.link = link;
    this.profile = profile;
    this.patience = patience;
  }

  @Override
  public Traits traits() {
    return profile.traits();
  }

  @Override
  public void start(ClientSpec spec) {
    ttlNanos = spec.ttl().toNanos();
    link.limit((long) ((double) spec.requestTimeout().toNanos() * patience));
  }

  @Override
  public CompletionStage<StoreSession> openSession() {
    return link.request(() -> link.store().open(link.replica(), ttlNanos))
        .thenApply(session -> new SimulatedSession(link, profile, session));
  }

  @Override
  public CompletionStage<QueueView> read(QueueName queue, Detail detail) {
    return link.request(() -> link.store().view(queue, detail));
  }

  @Override
  public Subscription watch(
      QueueName queue, Detail detail, Consumer<QueueView> onView, Consumer<Throwable> onEnd) {
    SimulatedWatch watch = new SimulatedWatch(link, queue, detail, onView, onEnd);
    watch.begin();
    return watch;
  }

  @Override
  public CompletionStage<Optional<Versioned>> get(String key) {
    return link.request(() -> link.store().get(key));
  }

  @Override
  public CompletionStage<WriteOutcome> write(List<Mutation> writes) {
    return link.request(() -> link.store().write(Optional.empty(), Optional.empty(), writes));
  }

  @Override
  public void close() {
    link.replica().backendClosed();
  }
}

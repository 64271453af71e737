package io.tenure.testkit.sim;

import io.tenure.Subscription;
import io.tenure.Versioned;
import io.tenure.spi.Detail;
import io.tenure.spi.Mutation;
import io.tenure.spi.QueueName;
import io.tenure.spi.QueueView;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.StoreSession;
import io.tenure.spi.WriteOutcome;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** The store as one simulated process sees it. */
final class SimulatedConnection implements StoreConnection {
  private final Link link;
  private final StoreProfile profile;
  private final long ttlNanos;

  SimulatedConnection(Link link, StoreProfile profile, long ttlNanos) {
    this.link = link;
    this.profile = profile;
    this.ttlNanos = ttlNanos;
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

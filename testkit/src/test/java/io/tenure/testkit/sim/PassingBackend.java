package io.tenure.testkit.sim;

import static java.util.Objects.requireNonNull;

import io.tenure.Subscription;
import io.tenure.Versioned;
import io.tenure.spi.Backend;
import io.tenure.spi.ClientSpec;
import io.tenure.spi.Detail;
import io.tenure.spi.Mutation;
import io.tenure.spi.QueueName;
import io.tenure.spi.QueueView;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.StoreSession;
import io.tenure.spi.Traits;
import io.tenure.spi.WriteOutcome;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The backend of one process, and its connection, which pass everything on: defects override it.
 */
class PassingBackend implements Backend, StoreConnection {
  private final Backend backend;
  private @Nullable StoreConnection connection;

  PassingBackend(Backend backend) {
    this.backend = backend;
  }

  private StoreConnection real() {
    return requireNonNull(connection, "open() comes first");
  }

  /** What an opened session is wrapped in. */
  StoreSession wrap(StoreSession session) {
    return session;
  }

  @Override
  public Traits traits() {
    return backend.traits();
  }

  @Override
  public StoreConnection open(ClientSpec spec) {
    connection = backend.open(spec);
    return this;
  }

  @Override
  public CompletionStage<StoreSession> openSession() {
    return real().openSession().thenApply(this::wrap);
  }

  @Override
  public CompletionStage<QueueView> read(QueueName queue, Detail detail) {
    return real().read(queue, detail);
  }

  @Override
  public Subscription watch(
      QueueName queue, Detail detail, Consumer<QueueView> onView, Consumer<Throwable> onEnd) {
    return real().watch(queue, detail, onView, onEnd);
  }

  @Override
  public CompletionStage<Optional<Versioned>> get(String key) {
    return real().get(key);
  }

  @Override
  public CompletionStage<WriteOutcome> write(List<Mutation> writes) {
    return real().write(writes);
  }

  @Override
  public void close() {
    real().close();
  }
}

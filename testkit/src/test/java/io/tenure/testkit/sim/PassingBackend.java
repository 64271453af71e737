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

/** A backend that passes everything on, for defects to override. */
class PassingBackend implements Backend {
  final Backend real;

  PassingBackend(Backend real) {
    this.real = real;
  }

  /** What an opened session is wrapped in. */
  StoreSession wrap(StoreSession session) {
    return session;
  }

  @Override
  public Traits traits() {
    return real.traits();
  }

  @Override
  public void start(ClientSpec spec) {
    real.start(spec);
  }

  @Override
  public CompletionStage<StoreSession> openSession() {
    return real.openSession().thenApply(this::wrap);
  }

  @Override
  public CompletionStage<QueueView> read(QueueName queue, Detail detail) {
    return real.read(queue, detail);
  }

  @Override
  public Subscription watch(
      QueueName queue, Detail detail, Consumer<QueueView> onView, Consumer<Throwable> onEnd) {
    return real.watch(queue, detail, onView, onEnd);
  }

  @Override
  public CompletionStage<Optional<Versioned>> get(String key) {
    return real.get(key);
  }

  @Override
  public CompletionStage<WriteOutcome> write(List<Mutation> writes) {
    return real.write(writes);
  }

  @Override
  public void close() {
    real.close();
  }
}

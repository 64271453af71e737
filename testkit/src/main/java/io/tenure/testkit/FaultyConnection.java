package io.tenure.testkit;

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

/** A connection whose every call goes by the switchboard. */
final class FaultyConnection implements StoreConnection {
  private final Switchboard board;
  private final StoreConnection real;

  FaultyConnection(Switchboard board, StoreConnection real) {
    this.board = board;
    this.real = real;
  }

  @Override
  public CompletionStage<StoreSession> openSession() {
    return board.route(
        StoreCall.OPEN_SESSION,
        () -> real.openSession().thenApply(session -> new FaultySession(board, session)));
  }

  @Override
  public CompletionStage<QueueView> read(QueueName queue, Detail detail) {
    return board.route(StoreCall.READ, () -> real.read(queue, detail));
  }

  @Override
  public Subscription watch(
      QueueName queue, Detail detail, Consumer<QueueView> onView, Consumer<Throwable> onEnd) {
    return FaultyWatch.start(
        board, (views, end) -> real.watch(queue, detail, views, end), onView, onEnd);
  }

  @Override
  public CompletionStage<Optional<Versioned>> get(String key) {
    return board.route(StoreCall.GET, () -> real.get(key));
  }

  @Override
  public CompletionStage<WriteOutcome> write(List<Mutation> writes) {
    return board.route(StoreCall.WRITE, () -> real.write(writes));
  }

  @Override
  public void close() {
    real.close();
  }
}

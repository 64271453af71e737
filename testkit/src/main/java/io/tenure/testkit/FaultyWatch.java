package io.tenure.testkit;

import io.tenure.Subscription;
import io.tenure.spi.QueueView;
import io.tenure.spi.StoreException;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A watch on a queue whose views pass the switchboard. The scripted fault concerns its beginning:
 * until that is answered the views wait, the last one only.
 */
final class FaultyWatch implements Subscription {
  private final Switchboard board;
  private final Consumer<QueueView> onView;
  private final Consumer<Throwable> onEnd;
  private final Consumer<StoreException> disrupt = this::end;
  private @Nullable Subscription real;
  private @Nullable QueueView waiting;
  private boolean begun;
  private boolean over;

  private FaultyWatch(Switchboard board, Consumer<QueueView> onView, Consumer<Throwable> onEnd) {
    this.board = board;
    this.onView = onView;
    this.onEnd = onEnd;
  }

  static FaultyWatch start(
      Switchboard board,
      BiFunction<Consumer<QueueView>, Consumer<Throwable>, Subscription> watch,
      Consumer<QueueView> onView,
      Consumer<Throwable> onEnd) {
    FaultyWatch faulty = new FaultyWatch(board, onView, onEnd);
    board.opened(faulty.disrupt);
    board
        .route(
            StoreCall.WATCH,
            () -> {
              faulty.started(watch.apply(faulty::view, faulty::end));
              return CompletableFuture.completedFuture(null);
            })
        .whenComplete((begun, error) -> faulty.begin(error));
    return faulty;
  }

  private synchronized void started(Subscription subscription) {
    if (over) {
      subscription.close();
    } else {
      real = subscription;
    }
  }

  private void begin(@Nullable Throwable error) {
    if (error != null) {
      end(error);
      return;
    }
    synchronized (this) {
      begun = true;
      deliver();
    }
  }

  private synchronized void view(QueueView view) {
    // A cut line shows nothing, and when it heals the watch ends, so nothing is shown late either.
    if (!over && !board.isCut()) {
      waiting = view;
      deliver();
    }
  }

  /** Under this watch's own lock, so that views come one at a time: the core does not block. */
  private void deliver() {
    QueueView view = waiting;
    if (begun && !over && view != null) {
      waiting = null;
      onView.accept(view);
    }
  }

  private void end(Throwable error) {
    if (stop()) {
      onEnd.accept(error);
    }
  }

  @Override
  public void close() {
    stop();
  }

  private boolean stop() {
    Subscription running;
    synchronized (this) {
      if (over) {
        return false;
      }
      over = true;
      running = real;
    }
    board.closed(disrupt);
    if (running != null) {
      running.close();
    }
    return true;
  }
}

package io.tenure.testkit;

import io.tenure.spi.StoreException;
import io.tenure.spi.Wait;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A watch on an entry whose departure passes the switchboard. */
final class FaultyWait implements Wait {
  private final Switchboard board;
  private final CompletableFuture<@Nullable Void> departed = new CompletableFuture<>();
  private final AtomicBoolean over = new AtomicBoolean();
  private final Consumer<StoreException> disrupt = error -> end(error);
  private volatile @Nullable Wait real;

  private FaultyWait(Switchboard board) {
    this.board = board;
  }

  static FaultyWait start(Switchboard board, Supplier<Wait> watch) {
    FaultyWait wait = new FaultyWait(board);
    board.opened(wait.disrupt);
    board
        .<@Nullable Void>route(StoreCall.AWAIT_DEPARTURE, () -> wait.watch(watch.get()))
        .whenComplete((gone, error) -> wait.end(error));
    return wait;
  }

  private CompletionStage<@Nullable Void> watch(Wait started) {
    real = started;
    return started.departed();
  }

  private void end(@Nullable Throwable error) {
    if (!over.compareAndSet(false, true)) {
      return;
    }
    free();
    if (error == null) {
      board.countWakeUp();
      departed.complete(null);
    } else {
      departed.completeExceptionally(error);
    }
  }

  @Override
  public CompletionStage<@Nullable Void> departed() {
    return departed;
  }

  @Override
  public void cancel() {
    if (over.compareAndSet(false, true)) {
      free();
    }
  }

  private void free() {
    board.closed(disrupt);
    Wait started = real;
    if (started != null) {
      started.cancel();
    }
  }
}

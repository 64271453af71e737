package io.tenure;

import io.tenure.spi.Scheduler;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes requests to the store so that each ends exactly once, in the lane, as done or as a {@link
 * StoreException} that says what is known; a request that is not answered in time ends as unknown.
 */
final class Calls {
  private final Lane lane;
  private final Scheduler scheduler;
  private final long timeoutNanos;

  Calls(Lane lane, Scheduler scheduler, long timeoutNanos) {
    this.lane = lane;
    this.scheduler = scheduler;
    this.timeoutNanos = timeoutNanos;
  }

  <T extends @Nullable Object> void call(
      Supplier<CompletionStage<T>> request, Consumer<T> done, Consumer<StoreException> failed) {
    call(request, done, failed, late -> {});
  }

  /**
   * Makes a request; to be called in the lane.
   *
   * @param late takes an answer that came after the request had ended as unknown, in the lane
   */
  <T extends @Nullable Object> void call(
      Supplier<CompletionStage<T>> request,
      Consumer<T> done,
      Consumer<StoreException> failed,
      Consumer<T> late) {
    new Call<T>(done, failed, late).send(request);
  }

  /** One request on its way; its fields belong to the lane. */
  private final class Call<T extends @Nullable Object> {
    private final Consumer<T> done;
    private final Consumer<StoreException> failed;
    private final Consumer<T> late;
    private boolean ended;
    private Scheduler.@Nullable Cancellable timer;

    Call(Consumer<T> done, Consumer<StoreException> failed, Consumer<T> late) {
      this.done = done;
      this.failed = failed;
      this.late = late;
    }

    void send(Supplier<CompletionStage<T>> request) {
      CompletionStage<T> answer;
      try {
        answer = request.get();
      } catch (RuntimeException | Error e) {
        lane.execute(() -> fail(storeException(e)));
        return;
      }
      timer = scheduler.schedule(() -> lane.execute(this::timeOut), timeoutNanos);
      answer.whenComplete((value, error) -> lane.execute(() -> answered(value, error)));
    }

    private void answered(T value, @Nullable Throwable error) {
      if (error != null) {
        fail(storeException(error));
      } else if (ended) {
        late.accept(value);
      } else {
        end();
        done.accept(value);
      }
    }

    private void timeOut() {
      fail(
          new StoreException(
              Outcome.UNKNOWN, "the store did not answer within " + Texts.duration(timeoutNanos)));
    }

    private void fail(StoreException e) {
      if (!ended) {
        end();
        failed.accept(e);
      }
    }

    private void end() {
      ended = true;
      if (timer != null) {
        timer.cancel();
      }
    }
  }

  static StoreException storeException(Throwable error) {
    Throwable cause =
        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    return cause instanceof StoreException known
        ? known
        : new StoreException(Outcome.UNKNOWN, "the request failed: " + cause, cause);
  }
}

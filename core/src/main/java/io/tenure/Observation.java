package io.tenure;

import io.tenure.spi.Detail;
import io.tenure.spi.QueueName;
import io.tenure.spi.QueueView;
import io.tenure.spi.StoreException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One observer of a queue: begins the store's watch, begins it again after every end, and hands on
 * what changed. Belongs to the lane, but for the value on its way to the user.
 *
 * @param <T> what the observer sees of a queue
 */
final class Observation<T> implements Closing, Subscription {
  private final Context context;
  private final QueueName queue;
  private final String what;
  private final Function<List<Candidate>, T> aspect;
  private final Consumer<T> observer;
  private final Dispatcher.Serial serial;
  private final Backoff backoff;
  private final AtomicReference<@Nullable T> latest = new AtomicReference<>();
  private @Nullable T seen;
  private @Nullable Subscription watch;
  private long watchingSinceNanos;
  private int epoch;
  private boolean closed;

  Observation(
      Context context,
      QueueName queue,
      String name,
      Function<List<Candidate>, T> aspect,
      Consumer<T> observer) {
    this.context = context;
    this.queue = queue;
    this.what = "observer of election '" + name + "'";
    this.aspect = aspect;
    this.observer = observer;
    this.serial = context.dispatcher.serial(this, what);
    this.backoff = new Backoff(context.scheduler);
  }

  void begin() {
    if (closed || !context.open.add(this)) {
      return;
    }
    watch();
  }

  private void watch() {
    int begun = ++epoch;
    context.observing.withGeneration(
        generation -> {
          if (begun == epoch) {
            watch(begun, generation);
          }
        },
        e -> disrupted(begun, e));
  }

  private void watch(int begun, int generation) {
    watchingSinceNanos = context.ticker.read();
    try {
      watch =
          context.store.watch(
              queue,
              Detail.PAYLOADS,
              view -> context.lane.execute(() -> viewed(begun, view, generation)),
              error -> context.lane.execute(() -> broke(begun, Calls.storeException(error))));
    } catch (RuntimeException e) {
      disrupted(begun, Calls.storeException(e));
    }
  }

  private void viewed(int begun, QueueView view, int generation) {
    if (begun != epoch) {
      return;
    }
    T now = aspect.apply(Observing.candidates(view, generation));
    if (!now.equals(seen)) {
      seen = now;
      latest.set(now);
      serial.execute(this::deliver);
    }
  }

  /** Delivers the newest value only: an observer that is slow sees fewer changes, not old ones. */
  private void deliver() {
    T value = latest.getAndSet(null);
    if (value != null) {
      observer.accept(value);
    }
  }

  /** A watch ended, perhaps at once: that it showed a first view does not mean that it works. */
  private void broke(int begun, StoreException e) {
    if (begun == epoch) {
      backoff.worked(context.ticker.read() - watchingSinceNanos);
    }
    disrupted(begun, e);
  }

  private void disrupted(int begun, StoreException e) {
    if (begun != epoch) {
      return;
    }
    endWatch();
    int ended = epoch;
    context.retry(
        what,
        backoff,
        e,
        () -> {
          if (ended == epoch) {
            watch();
          }
        });
  }

  private void endWatch() {
    epoch++;
    if (watch != null) {
      watch.close();
      watch = null;
    }
  }

  @Override
  public void close() {
    serial.close();
    context.lane.execute(
        () -> {
          closed = true;
          endWatch();
          context.open.remove(this);
        });
  }

  @Override
  public void clientClosing() {
    close();
  }
}

package io.tenure.etcd;

import static java.util.Objects.requireNonNull;

import io.etcd.jetcd.api.Event;
import io.tenure.Subscription;
import io.tenure.etcd.Codes.Effect;
import io.tenure.etcd.Watches.Watcher;
import io.tenure.spi.Detail;
import io.tenure.spi.QueueName;
import io.tenure.spi.QueueView;
import io.tenure.spi.StoreException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Follows one queue: watches it, and reads it when the watch has begun and whenever something
 * happened.
 *
 * <p>An event says only that something changed; what it is now is read. Changes that come while a
 * view is being read lead to one more view, however many they are. Any failed read ends the watch,
 * and the core begins another.
 */
final class QueueWatch implements Subscription, Watcher {
  private final QueueName queue;
  private final Detail detail;
  private final Consumer<QueueView> onView;
  private final Consumer<Throwable> onEnd;

  private final AtomicBoolean ended = new AtomicBoolean();
  private final AtomicInteger changes = new AtomicInteger();
  private final AtomicReference<Optional<Watch>> watch = new AtomicReference<>(Optional.empty());
  private volatile @Nullable Queues queues;

  QueueWatch(
      QueueName queue, Detail detail, Consumer<QueueView> onView, Consumer<Throwable> onEnd) {
    this.queue = queue;
    this.detail = detail;
    this.onView = onView;
    this.onEnd = onEnd;
  }

  void begin(Queues in, Watches watches, Keys keys) {
    if (ended.get()) {
      return;
    }
    queues = in;
    watch.set(Optional.of(watches.allUnder("watch " + queue, keys.queue(queue), this)));
    // It may have ended while the watch was not yet known here.
    if (ended.get()) {
      unwatch();
    }
  }

  @Override
  public void begun() {
    changed();
  }

  @Override
  public void happened(List<Event> events) {
    if (detail == Detail.PAYLOADS || events.stream().anyMatch(QueueWatch::changesNames)) {
      changed();
    }
  }

  private static boolean changesNames(Event event) {
    return event.getType() == Event.EventType.DELETE || event.getKv().getVersion() == 1;
  }

  private void changed() {
    if (changes.getAndIncrement() == 0) {
      round();
    }
  }

  private void round() {
    int answered = changes.get();
    requireNonNull(queues, "the watch has not begun")
        .read(queue, detail)
        .thenAccept(this::show)
        .whenComplete(
            (shown, error) -> {
              if (error != null) {
                broken(Codes.explain(Effect.READ, "watch " + queue, error));
              } else if (changes.addAndGet(-answered) > 0 && !ended.get()) {
                round();
              }
            });
  }

  private void show(QueueView view) {
    if (!ended.get()) {
      onView.accept(view);
    }
  }

  @Override
  public void broken(StoreException reason) {
    if (ended.compareAndSet(false, true)) {
      unwatch();
      onEnd.accept(reason);
    }
  }

  @Override
  public void close() {
    if (ended.compareAndSet(false, true)) {
      unwatch();
    }
  }

  private void unwatch() {
    watch.get().ifPresent(Watch::cancel);
  }
}

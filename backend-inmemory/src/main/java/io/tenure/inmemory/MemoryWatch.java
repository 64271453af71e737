package io.tenure.inmemory;

import io.tenure.Subscription;
import io.tenure.inmemory.Faults.Operation;
import io.tenure.spi.Detail;
import io.tenure.spi.QueueName;
import io.tenure.spi.QueueView;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Someone who follows a queue.
 *
 * <p>An event only says that something changed; the view is taken when it arrives. So quick changes
 * coalesce, and a delayed event can never show an older state after a newer one.
 */
final class MemoryWatch implements Subscription {
  private final Link link;
  private final QueueName queue;
  private final Detail detail;
  private final Consumer<QueueView> onView;
  private final Consumer<Throwable> onEnd;

  // Guarded by the store's lock.
  private boolean underway;
  private boolean closed;

  MemoryWatch(
      Link link,
      QueueName queue,
      Detail detail,
      Consumer<QueueView> onView,
      Consumer<Throwable> onEnd) {
    this.link = link;
    this.queue = queue;
    this.detail = detail;
    this.onView = onView;
    this.onEnd = onEnd;
  }

  QueueName queue() {
    return queue;
  }

  Detail detail() {
    return detail;
  }

  Link link() {
    return link;
  }

  /** Registers with the store and shows the present view. */
  void begin() {
    link.<@Nullable Void>send(
            Operation.WATCH,
            queue.path(),
            model -> {
              if (!closed && !link.isClosed()) {
                model.watchers().add(this);
                underway = true;
                model.emit(this::show);
              }
              return null;
            })
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                end(failure);
              }
            });
  }

  /** Sends an event on its way unless one is already; called under the store's lock. */
  void changed(Model model) {
    if (!underway) {
      underway = true;
      model.emit(() -> link.event(queue.path(), this::show, this::skip, this::end));
    }
  }

  private void show() {
    link.store()
        .apply(
            model -> {
              underway = false;
              return closed ? Optional.<QueueView>empty() : Optional.of(model.view(queue, detail));
            })
        .ifPresent(onView);
  }

  private void skip() {
    link.store().run(model -> underway = false);
  }

  /** Ends the watch and tells its owner, unless the owner has closed it. */
  void end(Throwable cause) {
    if (leave()) {
      onEnd.accept(cause);
    }
  }

  @Override
  public void close() {
    leave();
  }

  private boolean leave() {
    return link.store()
        .apply(
            model -> {
              boolean first = !closed;
              closed = true;
              model.watchers().remove(this);
              return first;
            });
  }
}

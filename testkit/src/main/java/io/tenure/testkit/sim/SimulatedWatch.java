package io.tenure.testkit.sim;

import io.tenure.Subscription;
import io.tenure.spi.Detail;
import io.tenure.spi.QueueName;
import io.tenure.spi.QueueView;
import io.tenure.spi.StoreException;
import java.util.function.Consumer;

/** Somebody who follows a queue. */
final class SimulatedWatch implements Subscription {
  private final Link link;
  private final QueueName queue;
  private final Detail detail;
  private final Consumer<QueueView> onView;
  private final Consumer<Throwable> onEnd;
  private boolean underway;
  private boolean over;
  private long shownVersion = -1;

  SimulatedWatch(
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

  Replica owner() {
    return link.replica();
  }

  void begin() {
    link.replica().watchOpened();
    link.request(
            () -> {
              // A request that arrives after its process has crashed comes from a broken
              // connection.
              if (!over && !link.replica().isDead()) {
                link.store().watches().add(this);
              }
              return link.store().view(queue, detail);
            })
        .whenComplete(
            (view, error) -> {
              if (error != null) {
                end(error);
              } else {
                show(view);
              }
            });
  }

  /** Called at the store; what changes before the event arrives comes with it. */
  void changed() {
    if (!underway) {
      underway = true;
      link.event(
          () -> {
            underway = false;
            show(link.store().view(queue, detail));
          },
          this::end);
    }
  }

  void failing(StoreException why) {
    link.event(() -> end(why), this::end);
  }

  private void show(QueueView view) {
    if (!over && view.version() >= shownVersion) {
      shownVersion = view.version();
      onView.accept(view);
    }
  }

  private void end(Throwable why) {
    if (leave()) {
      onEnd.accept(why);
    }
  }

  @Override
  public void close() {
    leave();
  }

  private boolean leave() {
    if (over) {
      return false;
    }
    over = true;
    link.store().watches().remove(this);
    link.replica().watchClosed();
    return true;
  }
}

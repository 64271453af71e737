package io.tenure.zookeeper;

import io.tenure.Subscription;
import io.tenure.spi.Detail;
import io.tenure.spi.QueueName;
import io.tenure.spi.QueueView;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The watches of one backend on queues, each on the handle that was connected when it began. */
final class Watches implements AutoCloseable {
  private final Connection connection;
  private final Paths paths;
  private final Set<Watching> open = ConcurrentHashMap.newKeySet();

  Watches(Connection connection, Paths paths) {
    this.connection = connection;
    this.paths = paths;
  }

  Subscription watch(
      QueueName queue, Detail detail, Consumer<QueueView> onView, Consumer<Throwable> onEnd) {
    Watching watching = new Watching();
    open.add(watching);
    Consumer<Throwable> end =
        error -> {
          open.remove(watching);
          onEnd.accept(error);
        };
    connection
        .handle()
        .whenComplete(
            (handle, error) -> {
              if (error == null) {
                watching.begin(new QueueWatch(handle, paths, queue, detail, onView, end));
              } else if (!watching.isClosed()) {
                end.accept(Codes.explain(Codes.Request.LOOK, "watch " + queue, error));
              }
            });
    return watching;
  }

  @Override
  public void close() {
    open.forEach(Watching::close);
  }

  /** One watch, which may have to wait for a connection first. */
  private final class Watching implements Subscription {
    private Optional<QueueWatch> watch = Optional.empty();
    private boolean closed;

    void begin(QueueWatch connected) {
      synchronized (this) {
        if (closed) {
          return;
        }
        watch = Optional.of(connected);
      }
      connected.begin();
    }

    synchronized boolean isClosed() {
      return closed;
    }

    @Override
    public void close() {
      open.remove(this);
      Optional<QueueWatch> begun;
      synchronized (this) {
        closed = true;
        begun = watch;
      }
      begun.ifPresent(QueueWatch::close);
    }
  }
}

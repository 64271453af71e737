package io.tenure.zookeeper;

import io.tenure.Subscription;
import io.tenure.spi.Detail;
import io.tenure.spi.QueueName;
import io.tenure.spi.QueueView;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import io.tenure.zookeeper.Handle.Children;
import io.tenure.zookeeper.Handle.Content;
import io.tenure.zookeeper.Paths.EntryName;
import io.tenure.zookeeper.Queues.Place;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.WatcherType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows one queue: lists it and sets a watch in the same step, and lists it again whenever a
 * watch fires.
 *
 * <p>What fired says only that something changed; what it is now is read. Changes that come while a
 * view is being read lead to one more view, however many they are. With payloads each entry's node
 * is read once and again when it changes. Any failed request ends the watch, and the core begins
 * another.
 */
final class QueueWatch implements Subscription, Watcher {
  private static final Logger log = LoggerFactory.getLogger(QueueWatch.class);

  private final Handle handle;
  private final QueueName queue;
  private final String path;
  private final Place place;
  private final Detail detail;
  private final Consumer<QueueView> onView;
  private final Consumer<Throwable> onEnd;

  private final AtomicBoolean ended = new AtomicBoolean();
  private final AtomicInteger changes = new AtomicInteger();
  private final Map<String, CompletableFuture<Optional<Content>>> contents =
      new ConcurrentHashMap<>();
  // Written by one round after the other.
  private volatile Optional<QueueView> last = Optional.empty();

  QueueWatch(
      Handle handle,
      Paths paths,
      QueueName queue,
      Detail detail,
      Consumer<QueueView> onView,
      Consumer<Throwable> onEnd) {
    this.handle = handle;
    this.queue = queue;
    this.path = paths.queue(queue);
    this.place = new Place(handle, queue, path);
    this.detail = detail;
    this.onView = onView;
    this.onEnd = onEnd;
  }

  void begin() {
    handle
        .sync(path)
        .whenComplete(
            (done, error) -> {
              if (error == null) {
                changed();
              } else {
                end(error);
              }
            });
  }

  private void changed() {
    if (changes.getAndIncrement() == 0) {
      round();
    }
  }

  private void round() {
    int answered = changes.get();
    view()
        .thenAccept(this::show)
        .whenComplete(
            (shown, error) -> {
              if (error != null) {
                end(error);
              } else if (ended.get()) {
                // It was closed while requests were under way that set watches.
                unwatch();
              } else if (changes.addAndGet(-answered) > 0) {
                round();
              }
            });
  }

  private CompletableFuture<QueueView> view() {
    return Codes.unlessMissing(handle.children(path, this))
        .thenCompose(listed -> listed.isPresent() ? view(listed.get()) : viewOfNothing());
  }

  /** Waits for the queue to be made, unless that has just happened. */
  private CompletableFuture<QueueView> viewOfNothing() {
    return Codes.unlessMissing(handle.stat(path, this))
        .thenCompose(
            stat -> stat.isPresent() ? view() : CompletableFuture.completedFuture(Queues.empty()));
  }

  private CompletableFuture<QueueView> view(Children listed) {
    List<EntryName> names = Paths.entryNames(listed.names());
    long version = listed.stat().getPzxid();
    if (detail == Detail.NAMES) {
      return place.names(names).thenApply(entries -> Queues.view(entries, version));
    }
    contents.keySet().retainAll(names.stream().map(place::node).collect(Collectors.toSet()));
    return place
        .payloads(names, node -> contents.computeIfAbsent(node, this::read))
        .thenApply(entries -> Queues.view(entries, version));
  }

  private CompletableFuture<Optional<Content>> read(String node) {
    return Codes.unlessMissing(handle.data(node, this));
  }

  private void show(QueueView view) {
    if (!ended.get() && !last.equals(Optional.of(view))) {
      last = Optional.of(view);
      onView.accept(view);
    }
  }

  @Override
  public void process(WatchedEvent event) {
    if (ended.get()) {
      return;
    }
    if (event.getType() == Event.EventType.None) {
      switch (event.getState()) {
        case Expired, Closed, AuthFailed ->
            end(
                new StoreException(
                    Outcome.NOT_DONE, "the ZooKeeper session ended: " + event.getState()));
        default -> log.trace("{} while watching {}", event.getState(), path);
      }
      return;
    }
    contents.remove(event.getPath());
    boolean entryGone =
        event.getType() == Event.EventType.NodeDeleted && !path.equals(event.getPath());
    if (!entryGone) {
      changed();
    } // else the queue's own watch fires too
  }

  private void end(Throwable error) {
    if (ended.compareAndSet(false, true)) {
      unwatch();
      onEnd.accept(Codes.explain(Codes.Request.LOOK, "watch " + queue, error));
    }
  }

  @Override
  public void close() {
    if (ended.compareAndSet(false, true)) {
      unwatch();
    }
  }

  private void unwatch() {
    unwatch(path, WatcherType.Children);
    unwatch(path, WatcherType.Data);
    contents.keySet().forEach(node -> unwatch(node, WatcherType.Data));
  }

  private void unwatch(String watched, WatcherType type) {
    handle
        .removeWatches(watched, type)
        .whenComplete(
            (removed, error) -> {
              if (error != null) {
                log.trace("no watch was taken off {}", watched, error);
              }
            });
  }
}

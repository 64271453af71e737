package io.tenure.etcd;

import io.etcd.jetcd.api.Event;
import io.etcd.jetcd.api.WatchCreateRequest;
import io.tenure.etcd.Watches.Watcher;
import io.tenure.spi.StoreException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/** One watch, until it is cancelled or disrupted; nothing is told afterwards. */
final class Watch {
  private final String what;
  private final WatchCreateRequest request;
  private final Watcher watcher;
  private final AtomicBoolean ended = new AtomicBoolean();
  private final AtomicBoolean triedAgain = new AtomicBoolean();
  private final AtomicReference<Optional<WatchStream>> stream =
      new AtomicReference<>(Optional.empty());

  Watch(String what, WatchCreateRequest request, Watcher watcher) {
    this.what = what;
    this.request = request;
    this.watcher = watcher;
  }

  String what() {
    return what;
  }

  WatchCreateRequest request() {
    return request;
  }

  /** True the first time. */
  boolean triesAgain() {
    return triedAgain.compareAndSet(false, true);
  }

  boolean isEnded() {
    return ended.get();
  }

  /** It is on this stream from now on. */
  void on(WatchStream its) {
    stream.set(Optional.of(its));
  }

  void begun() {
    if (!ended.get()) {
      watcher.begun();
    }
  }

  void happened(List<Event> events) {
    if (!ended.get()) {
      watcher.happened(events);
    }
  }

  void broken(StoreException reason) {
    if (ended.compareAndSet(false, true)) {
      watcher.broken(reason);
    }
  }

  void cancel() {
    if (ended.compareAndSet(false, true)) {
      stream.get().ifPresent(its -> its.cancel(this));
    }
  }
}

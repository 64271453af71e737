package io.tenure.etcd;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.Event;
import io.etcd.jetcd.api.WatchCreateRequest;
import io.tenure.etcd.Codes.Effect;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The watches of one backend, all on one stream.
 *
 * <p>A watch begins with what happens after it has begun: who begins one reads afterwards what had
 * happened before. So no watch ever starts in the past, where the server may have forgotten what
 * happened. A watch that is disrupted is over. Thread-safe.
 */
final class Watches implements WatchStream.Owner, AutoCloseable {
  private final Connection connection;
  private final ReentrantLock lock = new ReentrantLock();
  private final Set<WatchStream> streams = new HashSet<>();
  private @Nullable WatchStream current;
  private boolean closed;

  Watches(Connection connection) {
    this.connection = connection;
  }

  /** Who watches. Told on the connection's threads, one thing after the other. */
  interface Watcher {
    /** Nothing that happens from now on is missed. */
    void begun();

    void happened(List<Event> events);

    /** Something may be missed from now on; nothing more is told. */
    void broken(StoreException reason);
  }

  /** Watches the deletion of one key. */
  Watch deletionOf(String what, ByteString key, Watcher watcher) {
    return begin(
        what,
        WatchCreateRequest.newBuilder()
            .setKey(key)
            .addFilters(WatchCreateRequest.FilterType.NOPUT)
            .build(),
        watcher);
  }

  /** Watches everything under a prefix that ends with a slash. */
  Watch allUnder(String what, ByteString prefix, Watcher watcher) {
    return begin(
        what,
        WatchCreateRequest.newBuilder().setKey(prefix).setRangeEnd(Keys.end(prefix)).build(),
        watcher);
  }

  private Watch begin(String what, WatchCreateRequest request, Watcher watcher) {
    Watch watch = new Watch(what, request, watcher);
    begin(watch);
    return watch;
  }

  private void begin(Watch watch) {
    connection
        .wire()
        .whenComplete(
            (wire, error) -> {
              if (error == null) {
                stream(wire, watch);
              } else {
                watch.broken(Codes.explain(Effect.READ, watch.what(), error));
              }
            });
  }

  private void stream(Wire wire, Watch watch) {
    Optional<WatchStream> stream = open(wire);
    // The one that was open may have ended in this very moment.
    while (stream.isPresent() && !watch.isEnded() && !stream.get().begin(watch)) {
      stream = open(wire);
    }
    if (stream.isEmpty()) {
      watch.broken(closedException());
    }
  }

  /** The present stream, or else a new one; none after {@link #close()}. */
  private Optional<WatchStream> open(Wire wire) {
    lock.lock();
    try {
      if (!closed && (current == null || !current.takesMore(wire))) {
        current = new WatchStream(wire, this);
        streams.add(current);
      }
      return Optional.ofNullable(current);
    } finally {
      lock.unlock();
    }
  }

  /**
   * The server does not begin a watch. A stream keeps the token that it was opened with, and
   * servers do not all tell one that has run out from a right that is missing; so it is tried once
   * more, on a new stream with a token that is certainly good.
   */
  @Override
  public void refused(Watch watch, String reason) {
    StoreException refusal = Codes.watchEnded(watch.what(), reason);
    boolean token = Codes.isToken(reason) || refusal.outcome() == Outcome.REFUSED;
    if (!token || !watch.triesAgain()) {
      watch.broken(refusal);
      return;
    }
    connection
        .renewToken()
        .whenComplete(
            (renewed, error) -> {
              if (error == null) {
                begin(watch);
              } else {
                watch.broken(Codes.explain(Effect.READ, watch.what(), error));
              }
            });
  }

  @Override
  public void ended(WatchStream stream) {
    lock.lock();
    try {
      streams.remove(stream);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    List<WatchStream> all;
    lock.lock();
    try {
      closed = true;
      current = null;
      all = new ArrayList<>(streams);
    } finally {
      lock.unlock();
    }
    all.forEach(stream -> stream.end(closedException()));
  }

  private static StoreException closedException() {
    return new StoreException(Outcome.NOT_DONE, "the backend is closed");
  }
}

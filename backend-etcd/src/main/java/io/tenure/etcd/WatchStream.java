package io.tenure.etcd;

import static java.util.Objects.requireNonNull;

import io.etcd.jetcd.api.WatchCancelRequest;
import io.etcd.jetcd.api.WatchRequest;
import io.etcd.jetcd.api.WatchResponse;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.tenure.etcd.Codes.Effect;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One stream with many watches: etcd gives each an id when it begins, in the order in which they
 * were asked for.
 *
 * <p>When the stream ends all its watches are broken. Thread-safe.
 */
final class WatchStream implements ClientResponseObserver<WatchRequest, WatchResponse> {
  private final Wire wire;
  private final Owner owner;

  private final ReentrantLock lock = new ReentrantLock();
  private final Queue<Watch> beginning = new ArrayDeque<>();
  private final Map<Long, Watch> running = new HashMap<>();
  private final Map<Watch, Long> ids = new HashMap<>();
  private @Nullable ClientCallStreamObserver<WatchRequest> calls;
  private boolean retired;
  private boolean ended;

  /** Who opens streams. Called on the connection's threads, or by who ends the stream. */
  interface Owner {
    /** The server does not begin a watch, for a reason. */
    void refused(Watch watch, String reason);

    /** The stream has ended. */
    void ended(WatchStream stream);
  }

  /** Opens a stream. */
  WatchStream(Wire wire, Owner owner) {
    this.wire = wire;
    this.owner = owner;
    wire.watches().watch(this);
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<WatchRequest> started) {
    calls = started;
  }

  /** False if watches have to go onto another stream. */
  boolean takesMore(Wire present) {
    lock.lock();
    try {
      return !ended && !retired && wire.equals(present);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Asks for a watch.
   *
   * @return false if the stream has ended
   */
  boolean begin(Watch watch) {
    lock.lock();
    try {
      if (ended) {
        return false;
      }
      watch.on(this);
      beginning.add(watch);
      send(WatchRequest.newBuilder().setCreateRequest(watch.request()).build());
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Ends a watch; one that is still beginning is ended when it has begun. */
  void cancel(Watch watch) {
    lock.lock();
    try {
      Long id = ids.get(watch);
      if (id != null) {
        cancel(id);
      }
    } finally {
      lock.unlock();
    }
  }

  private void cancel(long id) {
    send(
        WatchRequest.newBuilder()
            .setCancelRequest(WatchCancelRequest.newBuilder().setWatchId(id))
            .build());
  }

  private void send(WatchRequest request) {
    if (!ended) {
      requireNonNull(calls, "the stream has not been started").onNext(request);
    }
  }

  @Override
  public void onNext(WatchResponse response) {
    if (response.getCreated()) {
      created(response);
    } else if (response.getCanceled()) {
      canceled(response);
    } else {
      Watch watch = running(response.getWatchId());
      if (watch != null) {
        watch.happened(response.getEventsList());
      }
    }
  }

  private @Nullable Watch running(long id) {
    lock.lock();
    try {
      return running.get(id);
    } finally {
      lock.unlock();
    }
  }

  private void created(WatchResponse response) {
    Watch watch;
    lock.lock();
    try {
      watch = beginning.poll();
      if (watch == null) {
        return;
      }
      if (response.getCanceled()) {
        // It may be for the token, which a stream keeps for as long as it lives.
        retired = wire.credentials().isPresent();
      } else {
        running.put(response.getWatchId(), watch);
        ids.put(watch, response.getWatchId());
        if (watch.isEnded()) {
          cancel(response.getWatchId());
        }
      }
    } finally {
      lock.unlock();
    }
    if (response.getCanceled()) {
      owner.refused(watch, response.getCancelReason());
      endIfDone();
    } else {
      watch.begun();
    }
  }

  private void canceled(WatchResponse response) {
    Watch watch;
    lock.lock();
    try {
      watch = running.remove(response.getWatchId());
      ids.remove(watch);
    } finally {
      lock.unlock();
    }
    if (watch != null) {
      boolean compacted = response.getCompactRevision() > 0;
      watch.broken(
          Codes.watchEnded(watch.what(), compacted ? "compacted" : response.getCancelReason()));
      endIfDone();
    }
  }

  /** A stream that takes no more watches ends with its last one. */
  private void endIfDone() {
    boolean done;
    lock.lock();
    try {
      done = retired && beginning.isEmpty() && running.isEmpty();
    } finally {
      lock.unlock();
    }
    if (done) {
      end(new StoreException(Outcome.NOT_DONE, "the stream was replaced"));
    }
  }

  @Override
  public void onError(Throwable error) {
    end(Codes.explain(Effect.READ, "watch", error));
  }

  @Override
  public void onCompleted() {
    onError(Status.UNAVAILABLE.withDescription("the server ended the stream").asException());
  }

  /** Ends the stream and breaks all its watches. Idempotent. */
  void end(StoreException reason) {
    List<Watch> all;
    lock.lock();
    try {
      if (ended) {
        return;
      }
      ended = true;
      all = new ArrayList<>(beginning);
      all.addAll(running.values());
      beginning.clear();
      running.clear();
      ids.clear();
    } finally {
      lock.unlock();
    }
    requireNonNull(calls, "the stream has not been started").cancel("no longer needed", reason);
    owner.ended(this);
    all.forEach(watch -> watch.broken(reason));
  }
}

package io.tenure.etcd;

import static java.util.Objects.requireNonNull;

import io.etcd.jetcd.api.LeaseKeepAliveRequest;
import io.etcd.jetcd.api.LeaseKeepAliveResponse;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.tenure.etcd.Codes.Effect;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The keep-alives of one lease, each paired with its own answer.
 *
 * <p>The server answers the requests of a stream in their order, so the first answer belongs to the
 * first request that has none. A stream on which an answer is overdue may lead to a member that is
 * stuck: the next request goes out on a new stream, to another member if there is one, and the old
 * stream ends when its answers have come or their time is up. Thread-safe.
 */
final class Renewals implements AutoCloseable {
  private final Connection connection;
  private final Duration timeout;
  private final LeaseKeepAliveRequest request;

  private final ReentrantLock lock = new ReentrantLock();
  private final Set<Stream> streams = new HashSet<>();
  private @Nullable Stream current;
  private boolean closed;

  Renewals(Connection connection, long leaseId, Duration timeout) {
    this.connection = connection;
    this.timeout = timeout;
    this.request = LeaseKeepAliveRequest.newBuilder().setID(leaseId).build();
  }

  /** Sends one keep-alive. */
  CompletableFuture<LeaseKeepAliveResponse> renew() {
    return connection
        .wire()
        .thenCompose(this::send)
        .exceptionally(
            error -> {
              throw Codes.explain(Effect.READ, "renew the session", error);
            });
  }

  private CompletableFuture<LeaseKeepAliveResponse> send(Wire wire) {
    CompletableFuture<LeaseKeepAliveResponse> answer = new CompletableFuture<>();
    Stream stream;
    lock.lock();
    try {
      if (closed) {
        return CompletableFuture.failedFuture(
            Status.CANCELLED.withDescription("the session was closed").asRuntimeException());
      }
      stream = current != null && current.unanswered.isEmpty() ? current : open(wire);
      current = stream;
      stream.unanswered.add(answer);
      stream.calls().onNext(request);
    } finally {
      lock.unlock();
    }
    return answer
        .orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS)
        .whenComplete(
            (response, error) -> {
              if (error != null) {
                stream.end(error);
              }
            });
  }

  private Stream open(Wire wire) {
    Stream stream = new Stream();
    streams.add(stream);
    wire.renewals().leaseKeepAlive(stream);
    return stream;
  }

  @Override
  public void close() {
    List<Stream> all;
    lock.lock();
    try {
      closed = true;
      all = new ArrayList<>(streams);
    } finally {
      lock.unlock();
    }
    for (Stream stream : all) {
      stream.end(Status.CANCELLED.withDescription("the session was closed").asException());
    }
  }

  /** One stream, and who waits for an answer on it, in the order of sending. */
  private final class Stream
      implements ClientResponseObserver<LeaseKeepAliveRequest, LeaseKeepAliveResponse> {
    private final Queue<CompletableFuture<LeaseKeepAliveResponse>> unanswered = new ArrayDeque<>();
    private @Nullable ClientCallStreamObserver<LeaseKeepAliveRequest> calls;

    @Override
    public void beforeStart(ClientCallStreamObserver<LeaseKeepAliveRequest> started) {
      calls = started;
    }

    ClientCallStreamObserver<LeaseKeepAliveRequest> calls() {
      return requireNonNull(calls, "the stream has not been started");
    }

    @Override
    public void onNext(LeaseKeepAliveResponse response) {
      CompletableFuture<LeaseKeepAliveResponse> first;
      boolean done;
      lock.lock();
      try {
        first = unanswered.poll();
        done = unanswered.isEmpty() && current != this;
      } finally {
        lock.unlock();
      }
      if (first != null) {
        connection.reached();
        first.complete(response);
      }
      if (done) {
        end(Status.CANCELLED.withDescription("the stream was replaced").asException());
      }
    }

    @Override
    public void onError(Throwable error) {
      end(error);
    }

    @Override
    public void onCompleted() {
      end(Status.UNAVAILABLE.withDescription("the server ended the stream").asException());
    }

    /** Ends the stream, and fails everyone who still waits for an answer on it. */
    void end(Throwable reason) {
      List<CompletableFuture<LeaseKeepAliveResponse>> left;
      lock.lock();
      try {
        if (!streams.remove(this)) {
          return;
        }
        if (current == this) {
          current = null;
        }
        left = new ArrayList<>(unanswered);
        unanswered.clear();
      } finally {
        lock.unlock();
      }
      calls().cancel("no longer needed", reason);
      left.forEach(answer -> answer.completeExceptionally(reason));
    }
  }
}

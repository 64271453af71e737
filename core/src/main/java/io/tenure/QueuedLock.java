package io.tenure;

import static java.util.Objects.requireNonNull;

import io.tenure.Acquisition.Patience;
import io.tenure.Acquisition.Request;
import io.tenure.spi.QueueName;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** A lock as a view on its name: every call is an {@link Acquisition} of its own. */
final class QueuedLock implements DistributedLock {
  private final Context context;
  private final QueueName queue;
  private final String name;
  private final long limitNanos;
  private final LossPolicy policy;

  QueuedLock(Context context, String name) {
    this(context, context.names.lock(name), name, Long.MAX_VALUE, context.config.lossPolicy());
  }

  private QueuedLock(
      Context context, QueueName queue, String name, long limitNanos, LossPolicy policy) {
    this.context = context;
    this.queue = queue;
    this.name = name;
    this.limitNanos = limitNanos;
    this.policy = policy;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Lease acquire() throws InterruptedException {
    return block(Patience.FOREVER).orElseThrow();
  }

  @Override
  public Optional<Lease> tryAcquire() throws InterruptedException {
    return block(once());
  }

  @Override
  public Optional<Lease> tryAcquire(Duration timeout) throws InterruptedException {
    return block(patience(timeout));
  }

  private Optional<Lease> block(Patience patience) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted before " + this + " was asked for");
    }
    Patience left = patience;
    while (true) {
      long begunAtNanos = context.ticker.read();
      Optional<Lease> lease = blockOnce(left);
      if (lease.isEmpty() || lease.get().isHeld()) {
        return lease;
      }
      // The process was paused between the grant and here, and what was granted is over.
      lease.get().releaseAsync();
      left = left.after(context.ticker.read() - begunAtNanos);
      if (left.isOver()) {
        return Optional.empty();
      }
    }
  }

  private Optional<Lease> blockOnce(Patience patience) throws InterruptedException {
    // Nobody attaches code to this future, so it is completed right where the answer comes in.
    CompletableFuture<Optional<Lease>> result = new CompletableFuture<>();
    Acquisition<Optional<Lease>> acquisition =
        new Acquisition<>(
            context,
            request(patience),
            Function.identity(),
            result,
            Runnable::run,
            Thread.currentThread());
    context.lane.execute(acquisition::begin);
    try {
      return context.await(result);
    } catch (InterruptedException e) {
      if (!result.cancel(false)) {
        release(result);
      }
      throw e;
    }
  }

  /** Gives back what was granted at the very moment of the interrupt. */
  private static void release(CompletableFuture<Optional<Lease>> result) {
    result.whenComplete(
        (lease, error) -> {
          if (error == null) {
            lease.ifPresent(Lease::releaseAsync);
          }
        });
  }

  @Override
  public CompletableFuture<Lease> acquireAsync() {
    return start(Patience.FOREVER, Optional::orElseThrow);
  }

  @Override
  public CompletableFuture<Optional<Lease>> tryAcquireAsync() {
    return start(once(), Function.identity());
  }

  @Override
  public CompletableFuture<Optional<Lease>> tryAcquireAsync(Duration timeout) {
    return start(patience(timeout), Function.identity());
  }

  private <T> CompletableFuture<T> start(Patience patience, Function<Optional<Lease>, T> shape) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Acquisition<T> acquisition =
        new Acquisition<>(
            context,
            request(patience),
            shape,
            result,
            delivery -> context.dispatcher.execute("a lock's future", delivery),
            null);
    context.lane.execute(acquisition::begin);
    return result;
  }

  private Request request(Patience patience) {
    return new Request(queue, name, patience, limitNanos, policy);
  }

  private Patience once() {
    return Patience.once(context.config.requestTimeoutNanos());
  }

  private Patience patience(Duration timeout) {
    if (requireNonNull(timeout, "timeout").isNegative()) {
      throw new IllegalArgumentException("a timeout is zero or more, but this is " + timeout);
    }
    return timeout.isZero() ? once() : Patience.of(Texts.nanos(timeout));
  }

  @Override
  public DistributedLock atMostFor(Duration limit) {
    if (requireNonNull(limit, "limit").isNegative() || limit.isZero()) {
      throw new IllegalArgumentException("a limit is greater than zero, but this is " + limit);
    }
    return new QueuedLock(context, queue, name, Texts.nanos(limit), policy);
  }

  @Override
  public DistributedLock onLoss(LossPolicy other) {
    return new QueuedLock(context, queue, name, limitNanos, requireNonNull(other, "policy"));
  }

  @Override
  public Optional<Candidate> holder() throws InterruptedException {
    return context.await(context.observing.first(queue));
  }

  @Override
  public CompletableFuture<Optional<Candidate>> holderAsync() {
    CompletableFuture<Optional<Candidate>> users = new CompletableFuture<>();
    context.deliver("DistributedLock.holderAsync", context.observing.first(queue), users);
    return users;
  }

  @Override
  public String toString() {
    return "DistributedLock[" + name + "]";
  }
}

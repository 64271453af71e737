package io.tenure;

import io.tenure.spi.QueueName;
import io.tenure.spi.Scheduler;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One call that wants a lock: from the local queue through a place in the store's queue to exactly
 * one result, and on until the lease that came of it has ended. Belongs to the lane.
 *
 * @param <T> what the caller gets: a lease, or an optional one
 */
final class Acquisition<T> implements QueuePlace.Owner, HeldLease.Owner, Closing {
  /** What is wanted, and how long. */
  record Request(
      QueueName queue, String name, Patience patience, long limitNanos, LossPolicy policy) {}

  /** How long a caller waits. */
  record Patience(boolean once, long nanos) {
    static final Patience FOREVER = new Patience(false, Long.MAX_VALUE);

    static Patience once(long answerWithinNanos) {
      return new Patience(true, answerWithinNanos);
    }

    static Patience of(long nanos) {
      return new Patience(false, nanos);
    }

    /** What is left of it; nothing of a single try. */
    Patience after(long waitedNanos) {
      return this == FOREVER ? this : new Patience(once, once ? 0 : nanos - waitedNanos);
    }

    boolean isOver() {
      return nanos <= 0;
    }
  }

  private final Context context;
  private final Request request;
  private final Function<Optional<Lease>, T> shape;
  private final CompletableFuture<T> result;
  private final Consumer<Runnable> deliverer;
  private final LossScope scope;
  private final QueuePlace place;
  private final Runnable turn;
  private final long begunAtNanos;
  private boolean settled;
  private boolean entered;
  private Scheduler.Cancellable timer = () -> {};
  private @Nullable HeldLease lease;

  /**
   * Prepares an acquisition.
   *
   * @param result where the outcome goes; whoever completes it first, the caller by cancelling
   *     included, decides what becomes of it
   * @param deliverer how it gets there: at once for a future that no user sees, by the dispatcher
   *     for one that users attach their code to
   */
  Acquisition(
      Context context,
      Request request,
      Function<Optional<Lease>, T> shape,
      CompletableFuture<T> result,
      Consumer<Runnable> deliverer,
      @Nullable Thread thread) {
    this.context = context;
    this.request = request;
    this.shape = shape;
    this.result = result;
    this.deliverer = deliverer;
    this.scope = new LossScope(request.policy(), thread);
    this.begunAtNanos = context.ticker.read();
    this.place =
        new QueuePlace(
            context,
            request.queue(),
            "lock '" + request.name() + "'",
            request.patience().once(),
            this);
    this.turn = this::enter;
  }

  void begin() {
    if (!context.open.add(this)) {
      settled = true;
      deliverer.accept(() -> result.completeExceptionally(Failures.closed(what())));
      return;
    }
    result.whenComplete((value, error) -> context.lane.execute(this::abandon));
    if (request.patience().once() && context.localQueues.isBusy(request.queue())) {
      settle(Optional.empty());
      return;
    }
    if (request.patience().nanos() != Long.MAX_VALUE) {
      timer = context.after(request.patience().nanos(), this::timeOut);
    }
    context.localQueues.enter(request.queue(), turn);
  }

  private String what() {
    return "lock '" + request.name() + "'";
  }

  private void enter() {
    entered = true;
    place.enter();
  }

  private void timeOut() {
    if (settled) {
      return;
    }
    place.leave(() -> {});
    if (entered && !place.wasAnswered()) {
      settle(Failures.unanswered(what(), context.ticker.read() - begunAtNanos, place.failure()));
    } else {
      settle(Optional.empty());
    }
  }

  /** The caller has given up, by cancelling or otherwise completing its future. */
  private void abandon() {
    if (!settled) {
      settled = true;
      place.leave(() -> {});
      over();
    }
  }

  @Override
  public void granted(LiveSession session, FencingToken token) {
    HeldLease granted =
        new HeldLease(context, place, request.name(), token, scope, request.limitNanos(), this);
    lease = granted;
    settled = true;
    timer.cancel();
    context.held.incrementAndGet();
    context.events.emit(
        new CoordinationEvent.Acquired(
            request.name(), token, Duration.ofNanos(context.ticker.read() - begunAtNanos)));
    T value = shape.apply(Optional.of(granted));
    deliverer.accept(
        () -> {
          if (!result.complete(value)) {
            granted.release();
          }
        });
  }

  @Override
  public void busy() {
    settle(Optional.empty());
  }

  @Override
  public void failed(CoordinationException e) {
    settle(e);
  }

  private void settle(Optional<Lease> none) {
    settled = true;
    T value = shape.apply(none);
    deliverer.accept(() -> result.complete(value));
    over();
  }

  private void settle(CoordinationException e) {
    settled = true;
    deliverer.accept(() -> result.completeExceptionally(e));
    over();
  }

  private void over() {
    timer.cancel();
    context.open.remove(this);
    context.localQueues.leave(request.queue(), turn);
  }

  @Override
  public void lost(LossReason reason) {
    if (lease != null) {
      lease.lostPlace(reason);
    }
  }

  @Override
  public void ended(HeldLease ended, Optional<LossReason> loss) {
    context.held.decrementAndGet();
  }

  @Override
  public void entryGone(HeldLease ended) {
    over();
  }

  /** A waiter has nothing to drain, and must not be granted anything any more. */
  @Override
  public CompletableFuture<Void> drain() {
    if (lease == null) {
      clientClosing();
    }
    return Closing.super.drain();
  }

  @Override
  public void clientClosing() {
    if (lease != null) {
      lease.revoke(LossReason.CLIENT_CLOSED);
    } else if (!settled) {
      place.leave(() -> {});
      settle(Failures.closed(what()));
    }
  }
}

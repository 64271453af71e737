package io.tenure;

import static java.util.Objects.requireNonNull;

import io.tenure.spi.Scheduler;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/*
 * Overview
 *
 *   HELD --release, deadline ahead--> RELEASED     both final, entered once, by compare-and-set
 *     +----loss, or deadline passed--> LOST
 *
 * The state alone never says that the lease is held: that is the state and the clock. Every end runs
 * in the lane, in this order: state, loss policy, report, owner. The entry goes last.
 */

/** A granted place in a queue, as its user holds it. */
final class HeldLease implements Lease {
  /** Who granted it and follows its end. Called in the lane, once. */
  interface Owner {
    /** The lease has ended; empty means that it was released. */
    void ended(HeldLease lease, Optional<LossReason> loss);

    /** The entry is known to be gone, or left to the end of its session. */
    void entryGone(HeldLease lease);
  }

  private enum State {
    HELD,
    RELEASED,
    LOST
  }

  private final Context context;
  private final QueuePlace place;
  private final LiveSession session;
  private final String name;
  private final FencingToken token;
  private final LossScope scope;
  private final Owner owner;
  private final long grantedAtNanos;
  private final long limitNanos;
  private final AtomicReference<State> state = new AtomicReference<>(State.HELD);
  private final CompletableFuture<LossReason> lost = new CompletableFuture<>();
  private final CompletableFuture<Void> gone = new CompletableFuture<>();
  private final BoundCells boundCells;
  private volatile @Nullable LossReason reason;
  private Scheduler.Cancellable limitTimer = () -> {};
  private boolean leaving;

  /**
   * Takes over a place that was just granted.
   *
   * @param limitNanos how long the lease may last; {@link Long#MAX_VALUE} for as long as it is
   *     renewed
   */
  HeldLease(
      Context context,
      QueuePlace place,
      String name,
      FencingToken token,
      LossScope scope,
      long limitNanos,
      Owner owner) {
    this.context = context;
    this.place = place;
    this.session = place.session();
    this.name = name;
    this.token = token;
    this.scope = scope;
    this.owner = owner;
    this.limitNanos = limitNanos;
    this.grantedAtNanos = context.ticker.read();
    this.boundCells = new BoundCells(context, session);
    if (limitNanos != Long.MAX_VALUE) {
      watchLimit();
    }
  }

  private void watchLimit() {
    limitTimer =
        context.whenOver(
            nowNanos -> limitNanos - (nowNanos - grantedAtNanos),
            () -> {
              limitPassed();
              // By the user's own ticker the timer may wake early.
              if (state.get() == State.HELD) {
                watchLimit();
              }
            });
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public FencingToken token() {
    return token;
  }

  @Override
  public boolean isHeld() {
    return state.get() == State.HELD && remainingNanos(context.ticker.read()) > 0;
  }

  @Override
  public Duration remaining() {
    return state.get() == State.HELD
        ? Duration.ofNanos(remainingNanos(context.ticker.read()))
        : Duration.ZERO;
  }

  private long remainingNanos(long nowNanos) {
    long proved = session.deadline().remainingNanos(nowNanos);
    return limitNanos == Long.MAX_VALUE
        ? proved
        : Math.max(0, Math.min(proved, limitNanos - (nowNanos - grantedAtNanos)));
  }

  @Override
  public Lease ensureHeld(Duration atLeast) {
    if (requireNonNull(atLeast, "atLeast").isNegative()) {
      throw new IllegalArgumentException("atLeast is zero or more, but this is " + atLeast);
    }
    long nowNanos = context.ticker.read();
    long leftNanos = remainingNanos(nowNanos);
    State now = state.get();
    if (now == State.HELD && leftNanos > 0 && leftNanos >= Texts.nanos(atLeast)) {
      return this;
    }
    String ages =
        ", "
            + Texts.duration(nowNanos - grantedAtNanos)
            + " after its grant and "
            + Texts.duration(nowNanos - session.provedAtNanos())
            + " after the newest renewal that succeeded was sent";
    if (now == State.RELEASED) {
      throw new LeaseLostException(name, token, Optional.empty(), "was released" + ages);
    }
    if (now == State.LOST || leftNanos == 0) {
      LossReason why = reason == null ? LossReason.EXPIRED : reason;
      throw new LeaseLostException(name, token, Optional.of(why), "was lost: " + why + ages);
    }
    throw new LeaseLostException(
        name,
        token,
        Optional.empty(),
        "has " + Texts.duration(leftNanos) + " left, less than " + Texts.duration(atLeast) + ages);
  }

  @Override
  public CompletionStage<LossReason> lost() {
    return lost.minimalCompletionStage();
  }

  @Override
  public CompletionStage<Void> releaseAsync() {
    release();
    CompletableFuture<Void> users = new CompletableFuture<>();
    gone.whenComplete(
        (done, error) ->
            context.dispatcher.execute("Lease.releaseAsync", () -> users.complete(null)));
    return users.minimalCompletionStage();
  }

  @Override
  public void close() {
    scope.leave();
    release();
    try {
      context.await(gone, context.config.requestTimeoutNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the lease as released, or as lost if its time was up without anyone noticing. */
  void release() {
    if (remainingNanos(context.ticker.read()) > 0
        && state.compareAndSet(State.HELD, State.RELEASED)) {
      context.lane.execute(
          () -> {
            limitTimer.cancel();
            scope.leave();
            context.events.emit(new CoordinationEvent.Released(name, token, heldFor()));
            owner.ended(this, Optional.empty());
            leave();
          });
    } else {
      context.lane.execute(this::releaseLate);
    }
  }

  private void releaseLate() {
    if (state.get() == State.HELD) {
      context.sessions.live();
      limitPassed();
    }
    // After an at-most-for loss the entry stands for one margin more, unless its user is done.
    if (state.get() == State.LOST) {
      leave();
    }
  }

  private void limitPassed() {
    long nowNanos = context.ticker.read();
    if (limitNanos != Long.MAX_VALUE && nowNanos - grantedAtNanos - limitNanos >= 0) {
      if (lose(LossReason.AT_MOST_ELAPSED)) {
        context.after(context.config.safetyMarginNanos(), this::leave);
      }
    }
  }

  /** Ends the lease as lost, in the lane; the place has been left already. */
  void lostPlace(LossReason why) {
    if (lose(why)) {
      leaving = true;
      entryGone();
    }
  }

  /** Ends the lease as lost, in the lane, and leaves the place. */
  void revoke(LossReason why) {
    if (lose(why)) {
      leave();
    }
  }

  private boolean lose(LossReason why) {
    // Set before the state, so that whoever sees LOST also sees why; only the lane comes here. It
    // says nothing under another state: a release may come in between.
    if (state.get() == State.HELD) {
      reason = why;
    }
    if (!state.compareAndSet(State.HELD, State.LOST)) {
      return false;
    }
    limitTimer.cancel();
    scope.lost(name, token, why);
    context.events.emit(new CoordinationEvent.Lost(name, token, why, heldFor()));
    context.dispatcher.execute("Lease.lost", () -> lost.complete(why));
    owner.ended(this, Optional.of(why));
    return true;
  }

  private Duration heldFor() {
    return Duration.ofNanos(context.ticker.read() - grantedAtNanos);
  }

  private void leave() {
    if (!leaving) {
      leaving = true;
      boundCells.delete(() -> place.leave(this::entryGone));
    }
  }

  private void entryGone() {
    gone.complete(null);
    owner.entryGone(this);
  }

  Context context() {
    return context;
  }

  LiveSession session() {
    return session;
  }

  QueuePlace place() {
    return place;
  }

  /** Why it was lost; empty if it was not, or not yet. */
  Optional<LossReason> lossReason() {
    return state.get() == State.LOST ? Optional.ofNullable(reason) : Optional.empty();
  }

  BoundCells boundCells() {
    return boundCells;
  }

  /** Completes in the lane when the entry is known to be gone; never fails. */
  CompletableFuture<Void> gone() {
    return gone;
  }

  @Override
  public String toString() {
    return "Lease[" + name + ", token " + token + ", " + (isHeld() ? "held" : "not held") + "]";
  }
}

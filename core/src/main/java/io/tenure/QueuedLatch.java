package io.tenure;

import static java.util.Objects.requireNonNull;

import io.tenure.spi.QueueName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/*
 * Overview
 *
 *   NEW --start--> STARTED --close--> CLOSED
 *
 *   while STARTED:  standby --granted--> leading --lost--> standby
 *                                           +--resign: drain, release--> standby
 *
 * A turn ends in this order: followers drain (bounded), the lease is released, followers are told,
 * the entry is removed, and then the next candidacy begins. A loss has no drain.
 */

/** A standing candidacy: one place in the queue after the other. State belongs to the lane. */
final class QueuedLatch implements LeaderLatch, QueuePlace.Owner, HeldLease.Owner, Closing {
  static final long DEFAULT_DRAIN_NANOS = TimeUnit.SECONDS.toNanos(10);

  private enum Phase {
    NEW,
    STARTED,
    CLOSED
  }

  private final Context context;
  private final QueueName queue;
  private final String name;
  private final String what;
  private final LossPolicy policy;
  private final long drainNanos;
  private final Runnable turn = this::stand;
  private final Backoff backoff;
  private final Set<TurnFollower> followers = new LinkedHashSet<>();
  private final Set<CompletableFuture<Lease>> awaiting = new LinkedHashSet<>();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private volatile boolean startCalled;
  private volatile Phase phase = Phase.NEW;
  private volatile @Nullable HeldLease leading;
  private @Nullable QueuePlace place;
  private @Nullable CompletableFuture<Void> resignation;
  private long standingSinceNanos;

  QueuedLatch(Context context, String name) {
    this(
        context,
        context.names.election(name),
        name,
        context.config.lossPolicy(),
        DEFAULT_DRAIN_NANOS);
  }

  private QueuedLatch(
      Context context, QueueName queue, String name, LossPolicy policy, long drainNanos) {
    this.context = context;
    this.queue = queue;
    this.name = name;
    this.what = "election '" + name + "'";
    this.policy = policy;
    this.drainNanos = drainNanos;
    this.backoff = new Backoff(context.scheduler);
  }

  @Override
  public String name() {
    return name;
  }

  Context context() {
    return context;
  }

  long drainNanos() {
    return drainNanos;
  }

  @Override
  public LeaderLatch start() {
    if (phase == Phase.CLOSED || context.open.isClosed()) {
      throw Failures.closed(what);
    }
    startCalled = true;
    context.lane.execute(this::begin);
    return this;
  }

  private void begin() {
    if (phase != Phase.NEW) {
      return;
    }
    if (context.open.add(this)) {
      phase = Phase.STARTED;
      enter();
    } else {
      closeInLane();
    }
  }

  private void enter() {
    standingSinceNanos = context.ticker.read();
    context.localQueues.enter(queue, turn);
  }

  private void stand() {
    if (phase == Phase.STARTED) {
      QueuePlace next = new QueuePlace(context, queue, what, false, this);
      place = next;
      next.enter();
    }
  }

  @Override
  public void granted(LiveSession session, FencingToken token) {
    backoff.reset();
    HeldLease lease =
        new HeldLease(
            context,
            requireNonNull(place),
            name,
            token,
            new LossScope(policy, null),
            Long.MAX_VALUE,
            this);
    leading = lease;
    context.held.incrementAndGet();
    Duration waited = Duration.ofNanos(context.ticker.read() - standingSinceNanos);
    context.events.emit(new CoordinationEvent.Acquired(name, token, waited));
    followers.forEach(follower -> follower.elected(lease));
    List<CompletableFuture<Lease>> served = List.copyOf(awaiting);
    awaiting.clear();
    served.forEach(future -> future.complete(lease));
  }

  @Override
  public void busy() {
    throw new IllegalStateException(what + ": a candidacy waits; it is never told that it is busy");
  }

  @Override
  public void failed(CoordinationException e) {
    context.retry(what, backoff, e, this::stand);
  }

  @Override
  public void lost(LossReason reason) {
    HeldLease lease = leading;
    if (lease != null) {
      lease.lostPlace(reason);
    }
  }

  @Override
  public void ended(HeldLease lease, Optional<LossReason> loss) {
    context.held.decrementAndGet();
    leading = null;
    List.copyOf(followers).forEach(follower -> follower.ended(lease, loss));
  }

  @Override
  public void entryGone(HeldLease lease) {
    context.localQueues.leave(queue, turn);
    if (phase == Phase.STARTED) {
      enter();
    }
  }

  /** Adds a follower and tells it of the present turn. */
  void follow(TurnFollower follower) {
    context.lane.execute(
        () -> {
          if (phase == Phase.CLOSED) {
            follower.dismissed();
            return;
          }
          followers.add(follower);
          HeldLease lease = leading;
          if (lease != null) {
            follower.elected(lease);
          }
        });
  }

  void unfollow(TurnFollower follower) {
    context.lane.execute(
        () -> {
          if (followers.remove(follower)) {
            follower.dismissed();
          }
        });
  }

  @Override
  public Subscription addListener(LeadershipListener listener) {
    ListenerFollower follower =
        new ListenerFollower(context, this, requireNonNull(listener, "listener"));
    follow(follower);
    return () -> unfollow(follower);
  }

  @Override
  public Optional<Lease> lease() {
    HeldLease lease = leading;
    return lease != null && lease.isHeld() ? Optional.of(lease) : Optional.empty();
  }

  @Override
  public Lease await() throws InterruptedException {
    while (true) {
      CompletableFuture<Lease> future = awaitLeading();
      try {
        Lease lease = context.await(future);
        if (lease.isHeld()) {
          return lease;
        }
      } finally {
        forget(future);
      }
    }
  }

  @Override
  public Optional<Lease> await(Duration timeout) throws InterruptedException {
    if (requireNonNull(timeout, "timeout").isNegative()) {
      throw new IllegalArgumentException("a timeout is zero or more, but this is " + timeout);
    }
    CompletableFuture<Lease> future = awaitLeading();
    try {
      return context.await(future, Texts.nanos(timeout))
          ? Optional.of(context.await(future))
          : Optional.empty();
    } finally {
      forget(future);
    }
  }

  @Override
  public CompletableFuture<Lease> awaitAsync() {
    CompletableFuture<Lease> users = new CompletableFuture<>();
    CompletableFuture<Lease> future = awaitLeading();
    context.deliver("LeaderLatch.awaitAsync", future, users);
    users.whenComplete((lease, error) -> forget(future));
    return users;
  }

  private CompletableFuture<Lease> awaitLeading() {
    if (!startCalled) {
      throw new IllegalStateException(what + ": the latch is awaited before it was started");
    }
    CompletableFuture<Lease> future = new CompletableFuture<>();
    context.lane.execute(
        () -> {
          Optional<Lease> lease = lease();
          if (phase == Phase.CLOSED) {
            future.completeExceptionally(Failures.closed(what));
          } else if (lease.isPresent()) {
            future.complete(lease.get());
          } else {
            awaiting.add(future);
          }
        });
    return future;
  }

  private void forget(CompletableFuture<Lease> future) {
    context.lane.execute(() -> awaiting.remove(future));
  }

  @Override
  public CompletableFuture<Void> resignAsync() {
    CompletableFuture<Void> users = new CompletableFuture<>();
    context.lane.execute(() -> context.deliver("LeaderLatch.resignAsync", resignInLane(), users));
    return users;
  }

  @Override
  public void resign() throws InterruptedException {
    CompletableFuture<Void> resigned = new CompletableFuture<>();
    context.lane.execute(
        () -> resignInLane().whenComplete((done, error) -> resigned.complete(null)));
    if (!isCalledByListener()) {
      context.await(resigned, drainNanos + context.config.requestTimeoutNanos());
    }
  }

  /** A listener that waited for the drain would wait for its own return. */
  private boolean isCalledByListener() {
    return context.dispatcher.isCallingFor(this);
  }

  private CompletableFuture<Void> resignInLane() {
    HeldLease lease = leading;
    if (lease == null) {
      return CompletableFuture.completedFuture(null);
    }
    if (resignation == null) {
      resignation =
          new Drain(context, lease, followers, drainNanos)
              .drained()
              .thenCompose(
                  done -> {
                    resignation = null;
                    lease.release();
                    return lease.gone();
                  });
    }
    return resignation;
  }

  @Override
  public LeaderLatch onLoss(LossPolicy other) {
    return new QueuedLatch(context, queue, name, requireNonNull(other, "policy"), drainNanos);
  }

  @Override
  public LeaderLatch drainWithin(Duration bound) {
    if (requireNonNull(bound, "bound").isNegative()) {
      throw new IllegalArgumentException("a drain time is zero or more, but this is " + bound);
    }
    return new QueuedLatch(context, queue, name, policy, Texts.nanos(bound));
  }

  @Override
  public void close() {
    CompletableFuture<Void> done = closeAsync();
    if (isCalledByListener()) {
      return;
    }
    try {
      context.await(done, drainNanos + context.config.requestTimeoutNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      context.lane.execute(this::dismiss);
    }
  }

  /** Begins an orderly end; completes in the lane and never fails. */
  CompletableFuture<Void> closeAsync() {
    context.lane.execute(this::closeInLane);
    return closed;
  }

  private void closeInLane() {
    if (phase == Phase.CLOSED) {
      return;
    }
    phase = Phase.CLOSED;
    List<CompletableFuture<Lease>> waiting = new ArrayList<>(awaiting);
    awaiting.clear();
    waiting.forEach(future -> future.completeExceptionally(Failures.closed(what)));
    if (leading != null) {
      resignInLane().whenComplete((done, error) -> left());
    } else if (place != null) {
      place.leave(() -> context.lane.execute(this::left));
    } else {
      left();
    }
  }

  private void left() {
    context.localQueues.leave(queue, turn);
    context.open.remove(this);
    CompletableFuture.allOf(
            followers.stream().map(TurnFollower::caughtUp).toArray(CompletableFuture<?>[]::new))
        .whenComplete((done, error) -> context.lane.execute(this::dismiss));
  }

  private void dismiss() {
    List.copyOf(followers).forEach(TurnFollower::dismissed);
    followers.clear();
    closed.complete(null);
  }

  @Override
  public CompletableFuture<Void> drain() {
    return closeAsync();
  }

  @Override
  public long drainBoundNanos() {
    return drainNanos;
  }

  @Override
  public void clientClosing() {
    HeldLease lease = leading;
    if (lease != null) {
      lease.revoke(LossReason.CLIENT_CLOSED);
    }
    closeInLane();
  }

  @Override
  public String toString() {
    return "LeaderLatch[" + name + ", " + (isLeader() ? "leading" : phase) + "]";
  }
}

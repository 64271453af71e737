package io.tenure;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** The client: hands out views on one {@link Context}, and ends it in order. */
final class StandardClient implements CoordinationClient {
  private final Context context;
  private final AtomicBoolean closing = new AtomicBoolean();

  StandardClient(Context context) {
    this.context = context;
  }

  @Override
  public DistributedLock lock(String name) {
    requireOpen();
    return new QueuedLock(context, name);
  }

  @Override
  public LeaderLatch leaderLatch(String name) {
    requireOpen();
    return new QueuedLatch(context, name);
  }

  @Override
  public LeaderElection election(String name) {
    requireOpen();
    return new QueueElection(context, name);
  }

  @Override
  public Cells cells() {
    requireOpen();
    return new StoreCells(context);
  }

  private void requireOpen() {
    if (context.open.isClosed()) {
      throw Failures.closed("client '" + candidate() + "'");
    }
  }

  @Override
  public String candidate() {
    return context.config.candidate();
  }

  @Override
  public Health health() {
    long nowNanos = context.ticker.read();
    Optional<LiveSession> session = context.sessions.shown();
    Duration remaining =
        Duration.ofNanos(session.map(live -> live.deadline().remainingNanos(nowNanos)).orElse(0L));
    return new Health(
        status(session, remaining),
        session.map(LiveSession::toString),
        remaining,
        Duration.ofNanos(session.map(live -> nowNanos - live.provedAtNanos()).orElse(0L)),
        context.held.get(),
        Math.max(0, context.localQueues.size() - context.held.get()),
        context.remover.pending());
  }

  private Health.Status status(Optional<LiveSession> session, Duration remaining) {
    if (context.open.isClosed()) {
      return Health.Status.CLOSED;
    }
    if (session.isEmpty()) {
      return context.sessions.isNeeded() ? Health.Status.DOWN : Health.Status.IDLE;
    }
    if (remaining.isZero()) {
      return Health.Status.DOWN;
    }
    return session.get().isSuspect() ? Health.Status.SUSPECT : Health.Status.UP;
  }

  @Override
  public void close() {
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    if (context.dispatcher.isCalling()) {
      // What the closing waits for may be the very callback that asks for it.
      context.config.threadFactory().newThread(this::closeAndWait).start();
    } else {
      closeAndWait();
    }
  }

  private void closeAndWait() {
    try {
      drain();
      endSession();
    } catch (InterruptedException e) {
      context.lane.execute(
          () -> {
            context.open.close();
            context.sessions.close();
          });
      Thread.currentThread().interrupt();
    } finally {
      context.store.close();
      context.scheduler.close();
      context.dispatcher.close();
    }
  }

  private void drain() throws InterruptedException {
    CompletableFuture<Closing.Draining> begun = new CompletableFuture<>();
    context.lane.execute(() -> begun.complete(context.open.refuse()));
    Closing.Draining draining = context.await(begun);
    context.await(draining.done(), draining.boundNanos() + context.config.requestTimeoutNanos());
  }

  private void endSession() throws InterruptedException {
    CompletableFuture<Void> ended = new CompletableFuture<>();
    context.lane.execute(
        () -> {
          context.open.close();
          context.sessions.close().whenComplete((done, error) -> ended.complete(null));
        });
    context.await(ended, 2 * context.config.requestTimeoutNanos());
  }

  @Override
  public String toString() {
    return "CoordinationClient[" + candidate() + ", " + health().status() + "]";
  }
}

package io.tenure;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The client: hands out views on one {@link Context}, and ends it in order. */
final class StandardClient implements CoordinationClient {
  private static final Logger log = LoggerFactory.getLogger(StandardClient.class);

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
      beside(this::closeAndWait);
    } else {
      closeAndWait();
    }
  }

  private void beside(Runnable closing) {
    try {
      requireNonNull(
              context.config.threadFactory().newThread(closing),
              "the thread factory gave no thread")
          .start();
    } catch (RuntimeException | Error e) {
      log.warn("no thread to close {} with; it is closed in one of its own", candidate(), e);
      new Thread(closing, "tenure-" + candidate() + "-close").start();
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
    long reserveNanos =
        LeaseDeadline.reserveNanos(context.config.ttlNanos(), context.config.safetyMarginNanos());
    context.await(ended, reserveNanos + 2 * context.config.requestTimeoutNanos());
  }

  @Override
  public String toString() {
    return "CoordinationClient[" + candidate() + ", " + health().status() + "]";
  }
}

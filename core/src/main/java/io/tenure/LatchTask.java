package io.tenure;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a user's work in a thread of its own in each turn of a latch. State belongs to the lane. */
final class LatchTask implements SingletonTask, TurnFollower {
  private static final Logger log = LoggerFactory.getLogger(LatchTask.class);

  private final Context context;
  private final QueuedLatch latch;
  private final OnFailure onFailure;
  private final Work work;
  private final CompletableFuture<Void> completion = new CompletableFuture<>();
  private @Nullable Turn running;
  private @Nullable Turn next;
  private @Nullable Throwable failure;
  private boolean closed;

  private LatchTask(QueuedLatch latch, OnFailure onFailure, Work work) {
    this.context = latch.context();
    this.latch = latch;
    this.onFailure = requireNonNull(onFailure, "onFailure");
    this.work = requireNonNull(work, "work");
  }

  static SingletonTask start(LeaderLatch latch, OnFailure onFailure, Work work) {
    if (!(requireNonNull(latch, "latch") instanceof QueuedLatch own)) {
      throw new IllegalArgumentException(
          "a task runs on a latch of CoordinationClient.leaderLatch, but this is a "
              + latch.getClass().getName());
    }
    LatchTask task = new LatchTask(own, onFailure, work);
    own.start();
    own.follow(task);
    return task;
  }

  @Override
  public void elected(HeldLease lease) {
    elected(lease, new Backoff(context.scheduler));
  }

  private void elected(HeldLease lease, Backoff backoff) {
    Turn turn;
    try {
      turn = new Turn(lease);
    } catch (RuntimeException | Error e) {
      // The user's thread factory failed. Leading without working would be silence.
      notStarted(lease, backoff, e);
      return;
    }
    if (running == null) {
      start(turn);
    } else {
      log.warn(
          "task '{}': elected with token {}, but the work of token {} has not stopped yet",
          lease.name(),
          lease.token(),
          running.lease.token());
      next = turn;
    }
  }

  private void notStarted(HeldLease lease, Backoff backoff, Throwable cause) {
    context.events.emit(new CoordinationEvent.TaskFailed(lease.name(), lease.token(), cause));
    switch (onFailure) {
      case RETRY ->
          context.after(
              backoff.nextNanos(),
              () -> {
                if (lease.isHeld() && !closed) {
                  elected(lease, backoff);
                }
              });
      case RESIGN -> latch.resignAsync();
      case FAIL -> fail(cause);
    }
  }

  private void fail(Throwable cause) {
    context.lane.execute(() -> failure = cause);
    latch.closeAsync();
  }

  private void start(Turn turn) {
    running = turn;
    turn.thread.start();
  }

  @Override
  public CompletableFuture<Void> resigning(HeldLease lease) {
    return stop();
  }

  @Override
  public void ended(HeldLease lease, Optional<LossReason> loss) {
    stop();
  }

  /** Interrupts the work; completes when it has returned. */
  private CompletableFuture<Void> stop() {
    next = null;
    Turn turn = running;
    if (turn == null) {
      return CompletableFuture.completedFuture(null);
    }
    turn.stopping = true;
    turn.thread.interrupt();
    return turn.done;
  }

  private void finished(Turn turn) {
    running = null;
    turn.done.complete(null);
    Turn following = next;
    next = null;
    if (closed) {
      complete();
    } else if (following != null) {
      start(following);
    }
  }

  @Override
  public CompletableFuture<Void> caughtUp() {
    // A task is told by its interrupt, and was waited for in the drain.
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void dismissed() {
    closed = true;
    stop().whenComplete((done, error) -> complete());
  }

  @Override
  public void close() {
    CompletableFuture<Void> stopped = new CompletableFuture<>();
    latch.unfollow(this);
    context.lane.execute(() -> stop().whenComplete((done, error) -> stopped.complete(null)));
    try {
      if (!context.await(stopped, latch.drainNanos())) {
        log.warn("task '{}': closed, but its work has not stopped", latch.name());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void complete() {
    Throwable cause = failure;
    context.dispatcher.execute(
        "SingletonTask.completion",
        () -> {
          if (cause == null) {
            completion.complete(null);
          } else {
            completion.completeExceptionally(cause);
          }
        });
  }

  @Override
  public CompletionStage<Void> completion() {
    return completion.minimalCompletionStage();
  }

  @Override
  public boolean awaitCompletion(Duration timeout) throws InterruptedException {
    return context.await(completion, Texts.nanos(timeout));
  }

  /** The work in one turn, in its own thread. */
  private final class Turn {
    final HeldLease lease;
    final Thread thread;
    final CompletableFuture<Void> done = new CompletableFuture<>();
    volatile boolean stopping;

    Turn(HeldLease lease) {
      this.lease = lease;
      this.thread =
          requireNonNull(
              context.config.threadFactory().newThread(this::run),
              "the thread factory gave no thread");
    }

    private void run() {
      try {
        Backoff backoff = new Backoff(context.scheduler);
        while (isOn() && !runOnce(backoff)) {
          Thread.interrupted();
        }
      } finally {
        context.lane.execute(() -> finished(this));
      }
    }

    private boolean isOn() {
      return !stopping && lease.isHeld();
    }

    /** Runs the work; true if this turn needs it no more. */
    private boolean runOnce(Backoff backoff) {
      try {
        work.run(lease);
        if (isOn()) {
          context.events.emit(new CoordinationEvent.TaskReturned(lease.name(), lease.token()));
        }
        return true;
      } catch (Throwable e) {
        // Whatever a user's work throws, Errors included, must end in a report and a policy.
        if (isOn()) {
          context.events.emit(new CoordinationEvent.TaskFailed(lease.name(), lease.token(), e));
          return failed(e, backoff);
        }
        log.debug("task '{}' (token {}) ended its turn by", lease.name(), lease.token(), e);
        return true;
      }
    }

    private boolean failed(Throwable cause, Backoff backoff) {
      switch (onFailure) {
        case RETRY -> {
          return !pause(backoff.nextNanos());
        }
        case RESIGN -> {
          latch.resignAsync();
          return true;
        }
        case FAIL -> {
          fail(cause);
          return true;
        }
      }
      throw new IllegalStateException("no such policy: " + onFailure);
    }

    /** Returns false if the turn ended meanwhile. */
    private boolean pause(long nanos) {
      // An interrupt that the failed work left behind would cut the pause short.
      Thread.interrupted();
      try {
        context.await(new CompletableFuture<Void>(), nanos);
        return true;
      } catch (InterruptedException e) {
        return isOn();
      }
    }
  }
}

package io.tenure;

import io.tenure.spi.Scheduler;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.Ticker;
import io.tenure.spi.Traits;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongUnaryOperator;

/** What the parts of one client share: its settings, its seams, and each other. */
final class Context {
  /** Which part of the safety margin the setting of a timer may take. */
  private static final int PROMPT = 10;

  final ClientConfig config;
  final Traits traits;
  final StoreConnection store;
  final Ticker ticker;
  final Scheduler scheduler;
  final Names names;
  final Lane lane = new Lane();
  final Dispatcher dispatcher;
  final Events events;
  final Calls calls;
  final SessionKeeper sessions;
  final Remover remover;
  final Observing observing;
  final LocalQueues localQueues = new LocalQueues();
  final Closing.Open open = new Closing.Open();

  /** How many leases are held; kept by their owners. */
  final AtomicInteger held = new AtomicInteger();

  Context(ClientConfig config, Traits traits, StoreConnection store) {
    this.config = config;
    this.traits = traits;
    this.store = store;
    ticker = config.ticker();
    scheduler = config.scheduler();
    names = config.names();
    dispatcher = new Dispatcher(config.candidate(), config.executor(), scheduler);
    events = new Events(dispatcher, config.eventListener());
    calls = new Calls(lane, scheduler, config.requestTimeoutNanos());
    sessions = new SessionKeeper(this);
    remover = new Remover(this);
    observing = new Observing(this);
  }

  /** A pause between attempts, reported as an event. */
  void retry(String what, Backoff backoff, Throwable cause, Runnable attempt) {
    long pauseNanos = backoff.nextNanos();
    events.retrying(what, pauseNanos, cause);
    after(pauseNanos, attempt);
  }

  /** Runs something in the lane, later. */
  Scheduler.Cancellable after(long delayNanos, Runnable task) {
    return scheduler.schedule(() -> lane.execute(task), delayNanos);
  }

  /**
   * Runs something in the lane when a time is over. A process that stands still between its look at
   * the clock and the timer that it sets by it would be late by as much: so it looks again.
   *
   * @param remainingNanos what is left at a moment of the ticker's
   */
  Scheduler.Cancellable whenOver(LongUnaryOperator remainingNanos, Runnable task) {
    for (; ; ) {
      long nowNanos = ticker.read();
      long leftNanos = Math.max(0, remainingNanos.applyAsLong(nowNanos));
      Scheduler.Cancellable timer = after(leftNanos, task);
      if (leftNanos == 0 || ticker.read() - nowNanos < config.safetyMarginNanos() / PROMPT) {
        return timer;
      }
      timer.cancel();
    }
  }

  /** Passes an internal future's end on to one that users attach their code to. */
  <T> void deliver(String where, CompletableFuture<T> internal, CompletableFuture<T> users) {
    internal.whenComplete(
        (value, error) ->
            dispatcher.execute(
                where,
                () -> {
                  if (error == null) {
                    users.complete(value);
                  } else {
                    users.completeExceptionally(error);
                  }
                }));
  }

  /**
   * Waits in a user's thread for something that the lane will complete.
   *
   * @throws CoordinationException as the future failed
   */
  <T> T await(CompletableFuture<T> future) throws InterruptedException {
    try {
      return scheduler.await(future);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof CoordinationException known) {
        throw known;
      }
      throw new CoordinationException("the operation failed", e);
    }
  }

  /** Waits for a future that never fails, until a bound; false when the bound came first. */
  boolean await(CompletableFuture<?> future, long boundNanos) throws InterruptedException {
    return scheduler.await(future, boundNanos);
  }
}

package io.tenure.testkit;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/**
 * A blocking call in a thread of its own, which a test can interrupt.
 *
 * @param <T> what the call returns
 */
final class Caller<T> {
  private final CompletableFuture<T> result = new CompletableFuture<>();
  private final CompletableFuture<Boolean> flagged = new CompletableFuture<>();
  private final Thread thread;

  private Caller(Callable<T> call) {
    thread = new Thread(() -> run(call), "testkit-caller");
    thread.setDaemon(true);
  }

  static <T> Caller<T> start(Callable<T> call) {
    Caller<T> caller = new Caller<>(call);
    caller.thread.start();
    return caller;
  }

  private void run(Callable<T> call) {
    try {
      result.complete(call.call());
    } catch (Throwable e) {
      // Whatever it is, it is the result that the test asks for.
      result.completeExceptionally(e);
    } finally {
      flagged.complete(Thread.currentThread().isInterrupted());
    }
  }

  void interrupt() {
    thread.interrupt();
  }

  boolean isDone() {
    return result.isDone();
  }

  /** What the call returned or threw, as a future. */
  CompletableFuture<T> result() {
    return result;
  }

  /** Tells whether the thread's interrupt flag was set when the call had returned. */
  boolean endedInterrupted() {
    return Eventually.answer(flagged);
  }
}

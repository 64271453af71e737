package io.tenure;

import io.tenure.spi.Entry;
import io.tenure.spi.QueueName;
import io.tenure.spi.StoreException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Removes entries that nobody wants any more, in the background, until that is definite: done, not
 * there, or the whole session is over. Belongs to the lane, but for the count.
 */
final class Remover {
  private final Context context;
  private final AtomicInteger pending = new AtomicInteger();

  Remover(Context context) {
    this.context = context;
  }

  /** How many removals are on their way or waiting for their next try. */
  int pending() {
    return pending.get();
  }

  /**
   * Removes an entry that the store has shown.
   *
   * @param ambiguous true if an answer to its enqueue was lost, so that it may be applied again
   * @param gone runs in the lane when the removal is definite
   */
  void remove(LiveSession session, Entry own, boolean ambiguous, Runnable gone) {
    retry(
        session,
        "remove entry " + own,
        () -> session.store().remove(own),
        () -> {
          gone.run();
          if (ambiguous) {
            withdrawLater(session, own.queue(), own.id());
          }
        });
  }

  /** Finds and removes an entry whose enqueue may or may not have been applied. */
  void withdraw(LiveSession session, QueueName queue, String id) {
    retry(
        session,
        "withdraw entry " + id,
        () -> session.store().withdraw(queue, id),
        () -> withdrawLater(session, queue, id));
  }

  /** Some stores apply a request long after it was given up: looks once more after that time. */
  private void withdrawLater(LiveSession session, QueueName queue, String id) {
    long windowNanos = context.traits.lateApplyWindow().toNanos();
    if (windowNanos == 0 || isOver(session)) {
      return;
    }
    pending.incrementAndGet();
    context.after(
        windowNanos,
        () -> {
          pending.decrementAndGet();
          retry(
              session, "withdraw entry " + id, () -> session.store().withdraw(queue, id), () -> {});
        });
  }

  private void retry(
      LiveSession session,
      String what,
      Supplier<CompletionStage<Boolean>> request,
      Runnable definite) {
    pending.incrementAndGet();
    attempt(session, what, new Backoff(context.scheduler), request, definite);
  }

  private void attempt(
      LiveSession session,
      String what,
      Backoff backoff,
      Supplier<CompletionStage<Boolean>> request,
      Runnable definite) {
    if (isOver(session)) {
      end(definite);
      return;
    }
    context.calls.call(
        request,
        removed -> end(definite),
        e -> {
          if (context.sessions.endedBy(session, e)) {
            end(definite);
          } else {
            again(session, what, backoff, e, request, definite);
          }
        });
  }

  private void again(
      LiveSession session,
      String what,
      Backoff backoff,
      StoreException e,
      Supplier<CompletionStage<Boolean>> request,
      Runnable definite) {
    context.retry(what, backoff, e, () -> attempt(session, what, backoff, request, definite));
  }

  private void end(Runnable definite) {
    pending.decrementAndGet();
    definite.run();
  }

  private boolean isOver(LiveSession session) {
    return session.deadline().isOver(context.ticker.read());
  }
}

package io.tenure;

import io.tenure.spi.Enqueued;
import io.tenure.spi.EntrySpec;
import io.tenure.spi.QueueName;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * Gets one entry into a queue: asks for a session, sends the entry under one id until that is
 * answered, and sees to it that no answer which comes too late leaves an orphan. Belongs to the
 * lane.
 */
final class Enqueuing implements SessionKeeper.User {
  private static final String EXCLUSIVE = "w";

  /** Who wants the entry. Called in the lane. */
  interface Owner {
    /** There is a session; if it ends before the entry is answered, this is to be cancelled. */
    void found(LiveSession session);

    /** The entry stands in the store; nothing more is told. */
    void enqueued(Enqueued enqueued);

    /** The entry is not to be had; nothing more is told. */
    void refused(StoreException e);
  }

  private final Context context;
  private final QueueName queue;
  private final String what;
  private final Owner owner;
  private final Backoff backoff;
  private final String id;
  private @Nullable LiveSession session;
  private @Nullable StoreException failure;
  private boolean ended;
  private boolean underway;
  private boolean ambiguous;

  Enqueuing(Context context, QueueName queue, String what, Owner owner) {
    this.context = context;
    this.queue = queue;
    this.what = what;
    this.owner = owner;
    this.backoff = new Backoff(context.scheduler);
    this.id = context.scheduler.uniqueId();
  }

  void begin() {
    context.sessions.request(this);
  }

  /** The entry's id, the same in every try. */
  String id() {
    return id;
  }

  /** An answer was lost, so that the store may apply a try even after the entry was removed. */
  boolean isAmbiguous() {
    return ambiguous;
  }

  /** The newest failure. */
  @Nullable StoreException failure() {
    return failure;
  }

  @Override
  public void live(LiveSession live) {
    if (ended) {
      return;
    }
    session = live;
    owner.found(live);
    send(live);
  }

  @Override
  public void refused(StoreException e) {
    if (!ended) {
      ended = true;
      owner.refused(e);
    }
  }

  private void send(LiveSession live) {
    underway = true;
    EntrySpec spec = new EntrySpec(id, EXCLUSIVE, context.config.payload());
    context.calls.call(
        () -> live.store().enqueue(queue, spec),
        enqueued -> answered(live, enqueued),
        e -> failed(live, e));
  }

  private void answered(LiveSession live, Enqueued enqueued) {
    underway = false;
    if (ended) {
      context.remover.remove(live, enqueued.self(), ambiguous, () -> {});
    } else {
      ended = true;
      owner.enqueued(enqueued);
    }
  }

  private void failed(LiveSession live, StoreException e) {
    underway = false;
    failure = e;
    ambiguous |= e.outcome() == Outcome.UNKNOWN;
    if (ended) {
      cleanUp(live);
      return;
    }
    switch (e.outcome()) {
      case SESSION_GONE, STORE_REGRESSED -> context.sessions.endedBy(live, e);
      case REFUSED -> {
        cleanUp(live);
        refused(e);
      }
      case NOT_DONE, UNKNOWN ->
          context.retry(
              what + ": enqueue",
              backoff,
              e,
              () -> {
                if (!ended) {
                  send(live);
                }
              });
    }
  }

  /** Ends it unanswered; what is on its way is cleaned up when its answer comes. */
  void cancel() {
    if (ended) {
      return;
    }
    ended = true;
    context.sessions.forget(this);
    if (session != null && !underway) {
      cleanUp(session);
    }
  }

  private void cleanUp(LiveSession live) {
    if (ambiguous) {
      context.remover.withdraw(live, queue, id);
    }
  }
}

package io.tenure;

import io.tenure.spi.Detail;
import io.tenure.spi.Enqueued;
import io.tenure.spi.Entry;
import io.tenure.spi.QueueName;
import io.tenure.spi.QueueView;
import io.tenure.spi.Scheduler;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/*
 * Overview
 *
 *   ENQUEUING --nobody ahead----------------------------------> HELD --> DONE
 *     ^   |                                                      ^
 *     |   +--somebody ahead--> WAITING --the sole blocker left---+
 *     |                         |   ^                            |
 *     |          another left,  v   |  somebody ahead            |
 *     |          or disrupted  READING ------------nobody ahead--+
 *     |                         |
 *     +-- session over, or own entry gone
 *
 * Why a departure alone is enough when there was one blocker: nobody can come in ahead later, so
 * `ahead` was complete, and its only entry is gone. Why it is never enough by itself: one's own entry
 * may be gone as well. It is therefore watched from the moment of waiting, and the session's deadline
 * is asked before every grant.
 *
 * Answers and watch events of an earlier step may arrive at any time. Each step begins a new epoch,
 * and what carries an older one is ignored.
 */

/**
 * One contender's way through a queue: from the first request to its grant, and until its entry is
 * gone. It sequences; the session keeper keeps time and the backend does I/O. Belongs to the lane.
 */
final class QueuePlace implements Enqueuing.Owner, LiveSession.Member {
  private static final long RECHECK_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** Who wants the place. Called in the lane. */
  interface Owner {
    /** Nobody is ahead; called once. */
    void granted(LiveSession session, FencingToken token);

    /** Somebody is ahead and the place was for one try; it is being left. */
    void busy();

    /** The place is not to be had; it has been left. */
    void failed(CoordinationException e);

    /** What was granted is lost; called once, after granted and unless it was left before. */
    void lost(LossReason reason);
  }

  private enum Step {
    ENQUEUING,
    WAITING,
    READING,
    HELD,
    DONE
  }

  private final Context context;
  private final QueueName queue;
  private final String what;
  private final boolean once;
  private final Owner owner;
  private final Backoff backoff;
  private Step step = Step.ENQUEUING;
  private int epoch;
  private @Nullable Enqueuing entry;
  private @Nullable LiveSession session;
  private @Nullable Entry self;
  private long seenVersion;
  private long watchingSinceNanos;
  private boolean renewedSinceGrant;
  private boolean answered;
  private @Nullable StoreException failure;
  private @Nullable EntryWatch blockerWatch;
  private @Nullable EntryWatch selfWatch;
  private Scheduler.Cancellable recheck = () -> {};

  /**
   * Prepares a place.
   *
   * @param what the name for messages: "lock 'x'"
   * @param once true to give up as soon as somebody is seen ahead
   */
  QueuePlace(Context context, QueueName queue, String what, boolean once, Owner owner) {
    this.context = context;
    this.queue = queue;
    this.what = what;
    this.once = once;
    this.owner = owner;
    this.backoff = new Backoff(context.scheduler);
  }

  void enter() {
    Enqueuing next = new Enqueuing(context, queue, what, this);
    step = Step.ENQUEUING;
    entry = next;
    next.begin();
  }

  /** True if the store has shown this contender its entry at least once. */
  boolean wasAnswered() {
    return answered;
  }

  /** The newest failure, for the message of a wait that ran out. */
  @Nullable StoreException failure() {
    return entry != null && entry.failure() != null ? entry.failure() : failure;
  }

  LiveSession session() {
    if (session == null) {
      throw new IllegalStateException(what + " has no session");
    }
    return session;
  }

  Entry self() {
    if (self == null) {
      throw new IllegalStateException(what + " has no entry");
    }
    return self;
  }

  private Enqueuing entry() {
    if (entry == null) {
      throw new IllegalStateException(what + " was not entered");
    }
    return entry;
  }

  @Override
  public void found(LiveSession live) {
    session = live;
    live.add(this);
  }

  @Override
  public void refused(StoreException e) {
    stop();
    owner.failed(Failures.of(what, e));
  }

  @Override
  public void enqueued(Enqueued enqueued) {
    answered = true;
    backoff.reset();
    seenVersion = enqueued.version();
    self = enqueued.self();
    decide(enqueued.ahead(), enqueued.version());
  }

  private void decide(List<Entry> ahead, long version) {
    if (!isSessionLive()) {
      return;
    }
    if (ahead.isEmpty()) {
      grant();
    } else if (once) {
      leave(() -> {});
      owner.busy();
    } else {
      await(ahead.get(ahead.size() - 1), ahead.size() == 1, version);
    }
  }

  /** Looks at the clock; if the session is over, this place has been told so when it returns. */
  private boolean isSessionLive() {
    LiveSession mine = session;
    return context.sessions.live().filter(live -> live == mine).isPresent();
  }

  private void await(Entry blocker, boolean sole, long version) {
    step = Step.WAITING;
    int begun = ++epoch;
    watchingSinceNanos = context.ticker.read();
    cancelBlockerWatch();
    watchSelf();
    blockerWatch =
        EntryWatch.begin(
            context.lane,
            session().store(),
            blocker,
            version,
            () -> blockerLeft(sole),
            e -> disrupted("watch", e));
    long pauseNanos = (long) (RECHECK_NANOS * (1 + context.scheduler.random()));
    recheck =
        context.after(
            pauseNanos,
            () -> {
              if (begun == epoch) {
                read();
              }
            });
  }

  private void watchSelf() {
    if (selfWatch == null) {
      watchingSinceNanos = context.ticker.read();
      selfWatch =
          EntryWatch.begin(
              context.lane,
              session().store(),
              self(),
              seenVersion,
              this::selfGone,
              e -> {
                selfWatch = null;
                disrupted("watch of its own entry", e);
              });
    }
  }

  /**
   * A watch broke. That reads are answered proves nothing of watches: a store that ends each at
   * once would be asked without a pause worth the name.
   */
  private void disrupted(String request, StoreException e) {
    backoff.worked(context.ticker.read() - watchingSinceNanos);
    readAgain(request, e);
  }

  private void readAgain(String request, StoreException e) {
    failure = e;
    if (!context.sessions.endedBy(session(), e)) {
      again(request, e, this::read);
    }
  }

  private void blockerLeft(boolean sole) {
    if (!isSessionLive()) {
      return;
    }
    backoff.reset();
    if (sole) {
      grant();
    } else {
      read();
    }
  }

  /** Reads the place again: before the grant, or to see that a held entry still stands. */
  private void read() {
    int begun = ++epoch;
    if (step != Step.HELD) {
      step = Step.READING;
      cancelBlockerWatch();
    }
    context.calls.call(
        () -> context.store.read(queue, Detail.NAMES),
        view -> {
          if (begun == epoch) {
            placed(view);
          }
        },
        e -> {
          if (begun == epoch) {
            readAgain("read", e);
          }
        });
  }

  private void placed(QueueView view) {
    List<Entry> entries = view.entries();
    seenVersion = view.version();
    int place = 0;
    while (place < entries.size() && !entries.get(place).id().equals(self().id())) {
      place++;
    }
    if (place == entries.size()) {
      selfGone();
    } else if (step != Step.HELD) {
      decide(entries.subList(0, place), view.version());
    } else if (place > 0) {
      // Nobody can come in ahead of a holder; if the store says so, its order is not to be trusted.
      lose(LossReason.REVOKED);
    } else {
      watchSelf();
    }
  }

  /** A guarded write was refused: the entry is not there any more. */
  void vanished() {
    if (step == Step.HELD) {
      selfGone();
    }
  }

  private void selfGone() {
    if (!isSessionLive()) {
      return;
    }
    if (step == Step.HELD) {
      lose(LossReason.REVOKED);
      return;
    }
    context.events.emit(new CoordinationEvent.PlaceLost(what));
    // Gone as far as we know; if it is not, nobody else would ever remove it.
    context.remover.withdraw(session(), queue, entry().id());
    reset();
    again(
        "enter again",
        new StoreException(Outcome.NOT_DONE, "its own entry was removed by somebody else"),
        this::enter);
  }

  private void grant() {
    Entry own = self();
    FencingToken token;
    try {
      token = FencingToken.of(session().generation(), own.revision().orElse(0));
    } catch (IllegalArgumentException e) {
      leave(() -> {});
      owner.failed(new CoordinationException(what + ": no token can be made", e));
      return;
    }
    step = Step.HELD;
    epoch++;
    cancelBlockerWatch();
    owner.granted(session(), token);
  }

  /**
   * A hold that was granted without waiting is watched only once it has outlived a whole pause
   * between two renewals: short holds then cost the store one write to acquire and one to release,
   * and nothing else.
   */
  @Override
  public void renewed() {
    if (step == Step.HELD) {
      if (renewedSinceGrant && selfWatch == null) {
        watchSelf();
      }
      renewedSinceGrant = true;
    }
  }

  @Override
  public void sessionEnded(LossReason reason) {
    if (step == Step.HELD) {
      stop();
      owner.lost(reason);
    } else if (step != Step.DONE) {
      reset();
      if (reason != LossReason.CLIENT_CLOSED) {
        enter();
      }
    }
  }

  private void lose(LossReason reason) {
    LiveSession live = session();
    stop();
    // Told first: if the entry should still stand, its removal lets the next one in.
    owner.lost(reason);
    context.remover.withdraw(live, queue, entry().id());
  }

  /**
   * Gives the place up, held or not.
   *
   * @param gone runs in the lane when the entry is known to be gone, or its session is over
   */
  void leave(Runnable gone) {
    LiveSession live = session;
    Entry own = self;
    stop();
    if (live == null || own == null) {
      gone.run();
    } else {
      context.remover.remove(live, own, entry().isAmbiguous(), gone);
    }
  }

  private void stop() {
    reset();
    step = Step.DONE;
  }

  private void reset() {
    epoch++;
    if (entry != null) {
      entry.cancel();
    }
    cancelBlockerWatch();
    if (selfWatch != null) {
      selfWatch.cancel();
      selfWatch = null;
    }
    if (session != null) {
      session.remove(this);
      session = null;
    }
    self = null;
    renewedSinceGrant = false;
    step = Step.ENQUEUING;
  }

  private void cancelBlockerWatch() {
    recheck.cancel();
    if (blockerWatch != null) {
      blockerWatch.cancel();
      blockerWatch = null;
    }
  }

  private void again(String request, StoreException e, Runnable next) {
    int begun = epoch;
    context.retry(
        what + ": " + request,
        backoff,
        e,
        () -> {
          if (begun == epoch) {
            next.run();
          }
        });
  }
}

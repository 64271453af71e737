package io.tenure;

import io.tenure.spi.Scheduler;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import io.tenure.spi.StoreSession;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * Overview
 *
 *   NONE --request--> OPENING --opened--> LIVE --deadline passed, or gone--> NONE
 *                        ^  |                                                  |
 *                        +--+ failed: again after a pause, while anyone waits  +-- close at the store
 *
 * Time is read before each request is sent, and the deadline only follows from answers (see
 * LeaseDeadline). Two timers run while a session is live: the next heartbeat, and the deadline. The
 * second one only notifies: whoever asks whether a lease is held asks the clock.
 *
 * A session whose deadline has passed is over for this client even if the store would still renew
 * it. It is closed at the store only after the reserve (margin and drift) has gone by as well: until
 * then the store would not give the name away, and that is the time its holder has to stop.
 */

/** Keeps the client's one session: opens it when needed, renews it, and tells when it is over. */
final class SessionKeeper {
  private static final Logger log = LoggerFactory.getLogger(SessionKeeper.class);

  /** Somebody who waits for a session. Called in the lane. */
  interface User {
    void live(LiveSession session);

    /** The store refuses to open one; the user is no longer waiting. */
    void refused(StoreException e);
  }

  private final Context context;
  private final Calls openings;
  private final Calls heartbeats;
  private final Set<User> waiting = new LinkedHashSet<>();
  private final Backoff openBackoff;
  private final Backoff beatBackoff;
  private volatile @Nullable LiveSession current;
  private volatile boolean needed;
  private boolean opening;
  private Scheduler.Cancellable nextBeat = () -> {};
  private Scheduler.Cancellable deadlineTimer = () -> {};
  private @Nullable CompletableFuture<Void> closing;

  /** Sessions of before that the store has not been told about yet. */
  private final Set<CompletableFuture<Void>> leaving = new HashSet<>();

  SessionKeeper(Context context) {
    this.context = context;
    // A heartbeat that is late is followed by the next one; its own answer still counts.
    this.heartbeats = new Calls(context.lane, context.scheduler, context.config.renewEveryNanos());
    // Opening may take several requests, each of which the backend limits: some stores have to
    // prove a session first. An answer older than the TTL would prove nothing any more.
    this.openings =
        new Calls(
            context.lane,
            context.scheduler,
            Math.max(context.config.ttlNanos(), context.config.requestTimeoutNanos()));
    this.openBackoff = new Backoff(context.scheduler);
    this.beatBackoff = new Backoff(context.scheduler);
  }

  /** Gives the user a session, now or when there is one. */
  void request(User user) {
    Optional<LiveSession> session = live();
    if (session.isPresent()) {
      user.live(session.get());
    } else if (closing == null) {
      waiting.add(user);
      needed = true;
      open();
    }
  }

  void forget(User user) {
    waiting.remove(user);
    needed = !waiting.isEmpty();
  }

  /** The present session, after a look at the clock. */
  Optional<LiveSession> live() {
    LiveSession session = current;
    if (session != null && session.deadline().isOver(context.ticker.read())) {
      end(session, LossReason.EXPIRED, Optional.empty());
    }
    return Optional.ofNullable(current);
  }

  /** For reports, from any thread: the session as it was last known. */
  Optional<LiveSession> shown() {
    return Optional.ofNullable(current);
  }

  boolean isNeeded() {
    return needed;
  }

  private void open() {
    if (opening || current != null || waiting.isEmpty() || closing != null) {
      return;
    }
    opening = true;
    // The generation is read first: a heartbeat need not run beside this read, and an operator
    // raises it before clients may come back.
    GenerationCell.read(context, this::openSession, this::openFailed);
  }

  private void openSession(int generation) {
    long sentAtNanos = context.ticker.read();
    openings.call(
        context.store::openSession,
        store -> opened(store, sentAtNanos, generation),
        this::openFailed,
        // Nobody waits for this one any more, and nobody will renew it.
        this::abandon);
  }

  private void openFailed(StoreException e) {
    opening = false;
    if (closing != null) {
      closing.complete(null);
      return;
    }
    if (e.outcome() == Outcome.REFUSED) {
      List<User> refused = List.copyOf(waiting);
      waiting.clear();
      needed = false;
      refused.forEach(user -> user.refused(e));
    } else if (!waiting.isEmpty()) {
      context.retry("session: open", openBackoff, e, this::open);
    }
  }

  private void opened(StoreSession store, long sentAtNanos, int generation) {
    if (closing != null) {
      opening = false;
      closeAtStore(store, closing);
      return;
    }
    long ttlNanos = store.ttl().toNanos();
    long marginNanos = context.config.safetyMarginNanos();
    long renewEveryNanos = context.config.renewEveryNanos();
    if (LeaseDeadline.usableNanos(ttlNanos, marginNanos) < 2 * renewEveryNanos) {
      abandon(store);
      openFailed(
          new StoreException(
              Outcome.REFUSED,
              "the store granted a TTL of "
                  + Texts.duration(ttlNanos)
                  + ", but two renewals every "
                  + Texts.duration(renewEveryNanos)
                  + " and the safety margin of "
                  + Texts.duration(marginNanos)
                  + " must fit into it"));
      return;
    }
    LeaseDeadline deadline =
        new LeaseDeadline(sentAtNanos, store.validityFromOpen().toNanos(), marginNanos);
    if (deadline.isOver(context.ticker.read())) {
      abandon(store);
      openFailed(
          new StoreException(Outcome.NOT_DONE, "the session was answered after its own deadline"));
      return;
    }
    opening = false;
    openBackoff.reset();
    beatBackoff.reset();
    LiveSession session = new LiveSession(store, deadline, generation, sentAtNanos);
    current = session;
    context.events.emit(new CoordinationEvent.SessionOpened(store.id(), store.ttl()));
    scheduleBeat(session, sentAtNanos + renewEveryNanos - context.ticker.read());
    watchDeadline(session);
    List<User> users = List.copyOf(waiting);
    waiting.clear();
    needed = false;
    users.forEach(user -> user.live(session));
  }

  private void scheduleBeat(LiveSession session, long delayNanos) {
    nextBeat.cancel();
    nextBeat = context.after(Math.max(0, delayNanos), () -> beat(session));
  }

  private void beat(LiveSession session) {
    if (live().orElse(null) != session) {
      return;
    }
    long sentAtNanos = context.ticker.read();
    heartbeats.call(
        session.store()::heartbeat,
        validity -> beaten(session, sentAtNanos, validity),
        e -> beatFailed(session, e),
        validity -> beaten(session, sentAtNanos, validity));
    if (current == session) {
      scheduleBeat(session, context.config.renewEveryNanos());
    }
  }

  private void beaten(LiveSession session, long sentAtNanos, Duration validity) {
    if (live().orElse(null) != session) {
      return;
    }
    session.deadline().prove(sentAtNanos, validity.toNanos(), context.ticker.read());
    session.proved(sentAtNanos);
    beatBackoff.reset();
    session.members().forEach(LiveSession.Member::renewed);
  }

  private void beatFailed(LiveSession session, StoreException e) {
    if (live().orElse(null) != session) {
      return;
    }
    if (endedBy(session, e)) {
      return;
    }
    session.suspect();
    Duration left = Duration.ofNanos(session.deadline().remainingNanos(context.ticker.read()));
    context.events.emit(new CoordinationEvent.RenewalFailed(session.store().id(), left, e));
    scheduleBeat(session, Math.min(beatBackoff.nextNanos(), context.config.renewEveryNanos()));
  }

  private void watchDeadline(LiveSession session) {
    deadlineTimer =
        context.whenOver(
            session.deadline()::remainingNanos,
            () -> {
              if (live().orElse(null) == session) {
                watchDeadline(session);
              }
            });
  }

  /**
   * Some request in the session's name has failed.
   *
   * @return true if that says that the session is over, which it is from now on
   */
  boolean endedBy(LiveSession session, StoreException e) {
    Optional<LossReason> reason = Failures.endOfSession(e);
    if (reason.isPresent() && current == session) {
      end(session, reason.get(), Optional.of(e));
    }
    return reason.isPresent();
  }

  private void end(LiveSession session, LossReason reason, Optional<Throwable> cause) {
    finish(session, reason, cause);
    // A session that is gone protects nobody; any other may still keep the names from the next.
    long delayNanos = reason == LossReason.SESSION_LOST ? 0 : reserveNanos(session.store());
    CompletableFuture<Void> left = leave();
    context.after(delayNanos, () -> closeAtStore(session.store(), left));
  }

  private long reserveNanos(StoreSession store) {
    return LeaseDeadline.reserveNanos(store.ttl().toNanos(), context.config.safetyMarginNanos());
  }

  private void finish(LiveSession session, LossReason reason, Optional<Throwable> cause) {
    current = null;
    nextBeat.cancel();
    deadlineTimer.cancel();
    session.deadline().end();
    context.events.emit(new CoordinationEvent.SessionLost(session.store().id(), reason, cause));
    session.members().forEach(member -> member.sessionEnded(reason));
  }

  private void abandon(StoreSession store) {
    closeAtStore(store, leave());
  }

  private CompletableFuture<Void> leave() {
    CompletableFuture<Void> left = new CompletableFuture<>();
    leaving.add(left);
    left.thenRun(() -> leaving.remove(left));
    return left;
  }

  private void closeAtStore(StoreSession store, CompletableFuture<Void> closed) {
    context.calls.call(
        store::close,
        done -> closed.complete(null),
        e -> {
          log.info("session {} was not closed at the store and ends with its TTL", store.id(), e);
          closed.complete(null);
        });
  }

  /**
   * Ends the session for good, at the store too, and any of before whose reserve is not over yet.
   * Completes in the lane and never fails.
   */
  CompletableFuture<Void> close() {
    if (closing == null) {
      Optional<LiveSession> session = live();
      closing = leave();
      waiting.clear();
      needed = false;
      if (session.isPresent()) {
        finish(session.get(), LossReason.CLIENT_CLOSED, Optional.empty());
        closeAtStore(session.get().store(), closing);
      } else if (!opening) {
        closing.complete(null);
      }
    }
    return CompletableFuture.allOf(leaving.toArray(CompletableFuture<?>[]::new));
  }
}

package io.tenure.testkit.sim;

import io.tenure.spi.Backend;
import io.tenure.spi.StoreSession;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Realistic defects, each as small as it can be made outside the code that ships, and the checks
 * that may catch it.
 */
enum Defect {
  /** The deadline counts from when the answer came: every late answer proves too much. */
  DEADLINE_FROM_THE_ANSWER(
      StoreProfile.MEMORY,
      Broken.AnswerTime::new,
      "one holder",
      "told before the store gives it away"),

  /** The client believes in its session until the store says otherwise. */
  NO_LOCAL_DEADLINE(
      StoreProfile.MEMORY,
      Broken.Forever::new,
      "one holder",
      "told before the store gives it away"),

  /** The backend proves half as much again as the store keeps. */
  VALIDITY_TOO_LONG(
      StoreProfile.MEMORY,
      Broken.HalfAgain::new,
      "one holder",
      "told before the store gives it away"),

  /** What a leader that was replaced acknowledges is taken for a proof. */
  STALE_HEARTBEAT_COUNTS(
      StoreProfile.ETCD,
      Broken.StaleCounts::new,
      "one holder",
      "told before the store gives it away"),

  /** Neither a heartbeat nor a watch tells that one's own session or entry is gone. */
  OWN_ENTRY_NOT_WATCHED(StoreProfile.MEMORY, Broken.OwnEntryIgnored::new, "a robbery is noticed"),

  /** The token is not the revision of the entry but some number of its own. */
  TOKEN_IS_NO_REVISION(
      StoreProfile.MEMORY, Broken.OwnToken::new, "one holder", "tokens grow", "tokens are unique"),

  /** The contender asks only for its predecessor and owns when that departs. */
  PREDECESSOR_IS_ENOUGH(StoreProfile.ZOOKEEPER, Broken.Predecessor::new, "one holder"),

  /** The answer to an enqueue shows nobody ahead if it was the second try. */
  RETRY_SEES_NOBODY(
      StoreProfile.ETCD, Broken.BlindRetry::new, "one holder", "grants come in order"),

  /** A release removes whoever is first. */
  RELEASE_REMOVES_THE_FIRST(StoreProfile.MEMORY, Broken.RemovesFirst::new, "one holder"),

  /** Departures between the answer and the watch are not seen. */
  WATCH_MISSES_DEPARTURES(StoreProfile.ETCD, Broken.MissesDepartures::new, "no wake-up is lost"),

  /** A watch that was disrupted says nothing any more. */
  WATCH_DIES_IN_SILENCE(StoreProfile.ETCD, Broken.DeadWatch::new, "no wake-up is lost"),

  /** Who gives up leaves its entry behind. */
  GIVEN_UP_ENTRY_STAYS(StoreProfile.CONSUL, Broken.Stays::new, "no wake-up is lost"),

  /** A lost answer makes the next try a second entry under another name. */
  RETRY_UNDER_A_NEW_NAME(
      StoreProfile.ETCD, Broken.NewName::new, "no wake-up is lost", "nothing is left"),

  /** Every enqueue arrives twice, and the store makes two entries of it. */
  ENQUEUED_TWICE(StoreProfile.MEMORY, Broken.Twice::new, "no wake-up is lost", "nothing is left"),

  /** An unknown outcome is taken for "not done". */
  UNKNOWN_IS_NOT_DONE(StoreProfile.CONSUL, Broken.UnknownNotDone::new, "no wake-up is lost"),

  /** The session is never closed, and something goes on renewing it. */
  RENEWAL_OUTLIVES_CLOSE(
      StoreProfile.MEMORY,
      Broken.Immortal::new,
      "nothing is left",
      "no wake-up is lost",
      "what has ended departs"),

  /** The clock is the wall's, which an operator sets back. */
  WALL_CLOCK(
      StoreProfile.ETCD,
      new Broken.WallClock(),
      "one holder",
      "an end is final",
      "grants come in order",
      "told before the store gives it away"),

  /** Unknown writes of cells are reported as not applied. */
  UNKNOWN_WRITE_IS_NOT_DONE(
      StoreProfile.ETCD,
      CellProgram::new,
      seams(Broken.HidesUnknown::new),
      Set.of("what was not applied is never seen")),

  /** An observer's watch skips views, the last one too. */
  OBSERVER_MISSES_CHANGES(
      StoreProfile.MEMORY,
      LatchProgram::new,
      seams(Broken.SkipsViews::new),
      Set.of("an observer sees the last change")),

  /** The resource checks who writes, and not with which token. */
  GUARD_BY_OWNER(Ledger.Guard.OWNER, "no stale write is admitted", "no update is lost"),

  /** The resource checks nothing. */
  NO_GUARD(Ledger.Guard.NONE, "no stale write is admitted", "no update is lost"),

  /** The holder reads before it has sealed. */
  READ_BEFORE_SEAL(Ledger.Guard.READ_FIRST, "no update is lost"),

  /** A write that arrives twice is applied twice. */
  WRITES_NOT_COUNTED(Ledger.Guard.NO_SEQUENCE, "no update is lost");

  /** The faults that bring it out; the others would only make the search longer. */
  Set<FaultKind> faults() {
    return switch (this) {
      case DEADLINE_FROM_THE_ANSWER -> EnumSet.of(FaultKind.STALLED_ANSWER);
      case OWN_ENTRY_NOT_WATCHED -> EnumSet.of(FaultKind.THEFT, FaultKind.SESSION_KILLED);
      case UNKNOWN_IS_NOT_DONE, GIVEN_UP_ENTRY_STAYS ->
          EnumSet.of(FaultKind.LOST_ANSWER, FaultKind.ANSWERS_CUT, FaultKind.LOSS);
      case STALE_HEARTBEAT_COUNTS ->
          EnumSet.of(FaultKind.STALE_HEARTBEATS, FaultKind.LEADER_CHANGE, FaultKind.PARTITION);
      case GUARD_BY_OWNER, NO_GUARD, WRITES_NOT_COUNTED ->
          EnumSet.of(FaultKind.SLOW, FaultKind.DUPLICATES, FaultKind.PAUSE, FaultKind.PARTITION);
      default -> FaultKind.withinAssumptions();
    };
  }

  final StoreProfile profile;
  final Supplier<Consumer<Simulation>> program;
  final Seams seams;
  final Set<String> caughtBy;

  Defect(
      StoreProfile profile,
      Supplier<Consumer<Simulation>> program,
      Seams seams,
      Set<String> caughtBy) {
    this.profile = profile;
    this.program = program;
    this.seams = seams;
    this.caughtBy = caughtBy;
  }

  Defect(
      StoreProfile profile,
      BiFunction<StoreSession, Replica, StoreSession> session,
      String... caughtBy) {
    this(profile, LockProgram::new, sessions(session), Set.of(caughtBy));
  }

  Defect(StoreProfile profile, Seams seams, String... caughtBy) {
    this(profile, LockProgram::new, seams, Set.of(caughtBy));
  }

  Defect(Ledger.Guard guard, String... caughtBy) {
    this(StoreProfile.MEMORY, () -> new LockProgram(guard), Seams.NONE, Set.of(caughtBy));
  }

  private static Seams sessions(BiFunction<StoreSession, Replica, StoreSession> defect) {
    return seams(
        (real, replica) ->
            new PassingBackend(real) {
              @Override
              StoreSession wrap(StoreSession session) {
                return defect.apply(session, replica);
              }
            });
  }

  private static Seams seams(BiFunction<Backend, Replica, Backend> defect) {
    return new Seams() {
      @Override
      public Backend backend(Backend real, Replica replica) {
        return defect.apply(real, replica);
      }
    };
  }
}

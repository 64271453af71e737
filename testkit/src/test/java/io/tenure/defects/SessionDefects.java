package io.tenure.defects;

import java.util.List;
import java.util.Set;

/** What goes wrong with sessions, deadlines and leases. */
final class SessionDefects {
  static final List<CoreDefect> ALL =
      List.of(
          // The oldest mistake of all: a late answer proves too much.
          CoreDefect.of(
                  "DEADLINE_FROM_THE_HEARTBEATS_ANSWER",
                  "SessionKeeper.java",
                  "session.deadline().prove(sentAtNanos, validity.toNanos(), context.ticker.read());",
                  "session.deadline().prove(context.ticker.read(), validity.toNanos(),"
                      + " context.ticker.read());")
              .inSchedules(
                  "LOCK",
                  "MEMORY",
                  Set.of("STALLED_ANSWER"),
                  "one holder",
                  "told before the store gives it away"),
          CoreDefect.of(
                  "DEADLINE_FROM_THE_OPENINGS_ANSWER",
                  "SessionKeeper.java",
                  "new LeaseDeadline(sentAtNanos, store.validityFromOpen()",
                  "new LeaseDeadline(context.ticker.read(), store.validityFromOpen()")
              .inContract("Regressions.theDeadlineCountsFromTheSendingOfTheRequest"),
          CoreDefect.of(
                  "MARGIN_AND_DRIFT_IGNORED",
                  "LeaseDeadline.java",
                  "return validityNanos - validityNanos / DRIFT_DIVISOR - marginNanos;",
                  "return validityNanos;")
              .inSchedules(
                  "LOCK", "MEMORY", Set.of(), "one holder", "told before the store gives it away"),
          // isHeld() is what a timer last said: a pause makes two holders.
          CoreDefect.of(
                  "HELD_IS_A_FLAG",
                  "HeldLease.java",
                  "return state.get() == State.HELD && remainingNanos(context.ticker.read()) > 0;",
                  "return state.get() == State.HELD;")
              .inSchedules("LOCK", "MEMORY", Set.of(), "one holder")
              .inContract("Losing.aLeaseIsNotHeldAfterItsDeadlineAlthoughNoTimerRuns"),
          CoreDefect.of(
                  "END_OF_SESSION_NOT_TOLD_TO_LEASES",
                  "SessionKeeper.java",
                  "session.members().forEach(member -> member.sessionEnded(reason));",
                  "")
              .inSchedules("LOCK", "MEMORY", Set.of(), "told before the store gives it away")
              .inContract("Losing.aSessionThatAnOperatorEndsLosesAllItsLeases"),
          // k8s 23731: a renewal that finds no session is taken for a hiccup.
          CoreDefect.of(
                  "SESSION_GONE_IS_RETRIED",
                  "SessionKeeper.java",
                  "if (endedBy(session, e)) { return; } session.suspect();",
                  "session.suspect();")
              .inContract("Losing.aSessionThatAnOperatorEndsLosesAllItsLeases"),
          CoreDefect.of(
                  "OPENING_NOT_TRIED_AGAIN",
                  "SessionKeeper.java",
                  "context.retry(\"session: open\", openBackoff, e, this::open);",
                  "openBackoff.nextNanos();")
              .inSchedules("LATCH", "MEMORY", Set.of(), "who stands is in the queue")
              .inContract("Faults.anAcquireOutlastsAStoreThatIsOutOfReach"),
          CoreDefect.of(
                  "LOSS_TOLD_TWICE",
                  "HeldLease.java",
                  "if (!state.compareAndSet(State.HELD, State.LOST)) { return false; }",
                  "state.set(State.LOST);")
              .inSchedules("LOCK", "MEMORY", Set.of(), "one end is told", "reports come in order"),
          CoreDefect.of(
                  "LOSS_NOT_TOLD_WHEN_CLOSED",
                  "HeldLease.java",
                  "context.dispatcher.execute(\"Lease.lost\", () -> lost.complete(why));",
                  "if (why != LossReason.CLIENT_CLOSED) {"
                      + " context.dispatcher.execute(\"Lease.lost\", () -> lost.complete(why)); }")
              .inSchedules("LOCK", "MEMORY", Set.of(), "a loss is told once")
              .inContract("Losing.aClientThatIsClosedLosesWhatItHoldsAndFreesItAtOnce"),
          CoreDefect.of(
                  "AT_MOST_FOR_NEVER_FIRES",
                  "HeldLease.java",
                  "if (limitNanos != Long.MAX_VALUE) { watchLimit(); }",
                  "")
              .inContract("AtMost.theLimitEndsALeaseThatRenewalsWouldHaveKept"),
          CoreDefect.of(
                  "BOUND_CELLS_OUTLIVE_THE_LEASE",
                  "HeldLease.java",
                  "boundCells.delete(() -> place.leave(this::entryGone));",
                  "place.leave(this::entryGone);")
              .inContract("VersionedCells.aBoundCellIsGoneWhenItsLeaseIsReleased"));

  private SessionDefects() {}
}

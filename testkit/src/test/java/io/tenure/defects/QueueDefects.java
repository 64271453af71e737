package io.tenure.defects;

import java.util.List;
import java.util.Set;

/** What goes wrong on the way through a queue, and out of it. */
final class QueueDefects {
  static final List<CoreDefect> ALL =
      List.of(
          // etcd 11456: the lock is returned without a second look at the lease.
          CoreDefect.of(
                  "GRANTED_WITHOUT_A_LOOK_AT_THE_CLOCK",
                  "QueuePlace.java",
                  "private void blockerLeft(boolean sole) { if (!isSessionLive()) { return; }",
                  "private void blockerLeft(boolean sole) {")
              .inContract("Regressions.aWaiterWhoseLeaseLapsedIsNotGranted"),
          // CURATOR-653: ownership is concluded from the predecessor's deletion alone.
          CoreDefect.of(
                  "ANY_DEPARTURE_GRANTS",
                  "QueuePlace.java",
                  "if (sole) { grant(); } else { read(); }",
                  "grant();")
              .inSchedules("LOCK", "MEMORY", Set.of(), "one holder")
              .inContract("Regressions.theDepartureOfAPredecessorThatOnlyWaitedGrantsNothing"),
          // jetcd 1055: the watch is gone after a disruption, and nobody looks again.
          CoreDefect.of(
                  "DISRUPTED_WAIT_IS_FORGOTTEN",
                  "QueuePlace.java",
                  "e -> disrupted(\"watch\", e));",
                  "e -> {});")
              .inSchedules("LOCK", "ETCD", Set.of(), "no wake-up is lost"),
          // Who loses the connection makes its entry anew, behind everybody who came meanwhile.
          CoreDefect.of(
                  "DISRUPTED_WAITER_ENTERS_AGAIN",
                  "QueuePlace.java",
                  "again(request, e, this::read);",
                  "if (step == Step.HELD) { again(request, e, this::read); return; }"
                      + " context.remover.withdraw(session(), queue, entry().id()); reset();"
                      + " again(request, e, this::enter);")
              .inSchedules("LOCK", "ETCD", Set.of(), "a waiter keeps its place"),
          // The same for candidates alone.
          CoreDefect.of(
                  "DISRUPTED_CANDIDATE_STANDS_ANEW",
                  "QueuePlace.java",
                  "again(request, e, this::read);",
                  "if (step == Step.HELD || !what.startsWith(\"election\")) {"
                      + " again(request, e, this::read); return; }"
                      + " context.remover.withdraw(session(), queue, entry().id()); reset();"
                      + " again(request, e, this::enter);")
              .inSchedules("LATCH", "ETCD", Set.of(), "a waiter keeps its place"),
          CoreDefect.of(
                  "RECHECK_IS_NOT_CALLED_OFF",
                  "QueuePlace.java",
                  "recheck.cancel(); if (blockerWatch != null) {",
                  "if (blockerWatch != null) {")
              .inSchedules("LOCK", "MEMORY", Set.of(), "no timer is left"),
          CoreDefect.of(
                  "OWN_ENTRY_NOT_READ_AFTER_A_DISRUPTION",
                  "QueuePlace.java",
                  "selfWatch = null; disrupted(\"watch of its own entry\", e);",
                  "renewedSinceGrant = true;")
              .inSchedules(
                  "LOCK",
                  "ETCD",
                  Set.of("THEFT", "LEADER_CHANGE", "STORE_RESTART"),
                  "a robbery is noticed"),
          CoreDefect.of(
                  "HELD_ENTRY_NOT_WATCHED",
                  "QueuePlace.java",
                  "if (renewedSinceGrant && selfWatch == null) { watchSelf(); }",
                  "")
              .inSchedules("LOCK", "MEMORY", Set.of("THEFT"), "a robbery is noticed")
              .inContract("Losing.aHolderWhoseEntryAStrangerDeletesIsToldThatItWasRevoked"),
          CoreDefect.of(
                  "ROBBED_WAITER_IDLES",
                  "QueuePlace.java",
                  "new StoreException(Outcome.NOT_DONE, \"its own entry was removed by somebody else\"),\n"
                      + "this::enter);",
                  "new StoreException(Outcome.NOT_DONE, \"its own entry was removed by somebody else\"),\n"
                      + "() -> {});")
              .inSchedules("LATCH", "MEMORY", Set.of(), "who stands is in the queue")
              .inContract("Losing.aWaiterWhoseEntryAStrangerDeletesEntersAgainAtTheEnd"),
          CoreDefect.of(
                  "GENERATION_NOT_IN_THE_TOKEN",
                  "QueuePlace.java",
                  "FencingToken.of(session().generation(), own.revision().orElse(0))",
                  "FencingToken.of(0, own.revision().orElse(0))")
              .inContract("Tokens.anOperatorsGenerationStandsInFrontOfTheStoresRevision"),
          // CURATOR-724 and many others: one swallowed error, and a candidate that idles for ever.
          CoreDefect.of(
                  "FAILED_ENQUEUE_IS_NOT_REPEATED",
                  "Enqueuing.java",
                  "() -> { if (!ended) { send(live); } });",
                  "() -> {});")
              .inSchedules(
                  "LATCH", "MEMORY", Set.of(), "who stands is in the queue", "no wake-up is lost")
              .inContract("Regressions.aClientThatLivedThroughFaultsLeavesNothing"),
          // CURATOR-3, -45: after a lost answer the next try makes a second entry.
          CoreDefect.of(
                  "NEW_ID_FOR_EVERY_TRY",
                  "Enqueuing.java",
                  "new EntrySpec(id, EXCLUSIVE,",
                  "new EntrySpec(context.scheduler.uniqueId(), EXCLUSIVE,")
              .inSchedules("LOCK", "ETCD", Set.of(), "no wake-up is lost"),
          // CURATOR-79: the create was applied, its answer lost, and the orphan blocks everyone.
          CoreDefect.of(
                  "UNKNOWN_ENQUEUE_NOT_WITHDRAWN",
                  "Enqueuing.java",
                  "if (ambiguous) { context.remover.withdraw(live, queue, id); }",
                  "")
              .inSchedules(
                  "LOCK",
                  "MEMORY",
                  Set.of("LOST_ANSWER", "ANSWERS_CUT", "LOSS"),
                  "no wake-up is lost")
              .inContract("Regressions.anEntryWhoseAnswerWasLostIsRemovedWhenItsCallerGivesUp"),
          // Redisson 2714: something goes on for an acquire that nobody waits for.
          CoreDefect.of(
                  "ANSWER_AFTER_THE_END_IS_DROPPED",
                  "Enqueuing.java",
                  "context.remover.remove(live, enqueued.self(), ambiguous, () -> {});",
                  "")
              .inSchedules("LOCK", "ETCD", Set.of("SLOW"), "no wake-up is lost")
              .inContract("Regressions.anInterruptedAcquireLeavesNothingThatRenewalsKeepAlive"),
          CoreDefect.of(
                  "REMOVAL_IS_TRIED_ONCE",
                  "Remover.java",
                  "} else { again(session, what, backoff, e, request, definite); }",
                  "} else { end(definite); }")
              .inSchedules("LOCK", "MEMORY", Set.of(), "what has ended departs")
              .inContract(
                  "Regressions.aReleaseThatFailedAtFirstIsNotKeptAliveByTheRenewalsOfItsSession"),
          CoreDefect.of(
                  "LOCAL_QUEUE_FORGETS_THE_NEXT",
                  "LocalQueues.java",
                  "} else if (wasFirst) { places.element().run(); }",
                  "}")
              .inContract("GivingUp.aWaiterInTheLocalQueueWhoGivesUpLetsTheNextOneThrough"),
          CoreDefect.of(
                  "LOCAL_QUEUE_STARTS_THE_FIRST_TWICE",
                  "LocalQueues.java",
                  "} else if (wasFirst) { places.element().run(); }",
                  "} else { places.element().run(); }")
              .inSchedules(
                  "LOCK", "MEMORY", Set.of(), "no wake-up is lost", "what has ended departs")
              .inContract("GivingUp.aWaiterInTheLocalQueueWhoGivesUpLetsTheNextOneThrough"),
          CoreDefect.of(
                  "LOCAL_QUEUE_SERVES_THE_LAST",
                  "LocalQueues.java",
                  "} else if (wasFirst) { places.element().run(); }",
                  "} else if (wasFirst) { places.addFirst(places.removeLast());"
                      + " places.element().run(); }")
              .inSchedules("LOCK", "MEMORY", Set.of(), "callers of one process are served in order")
              .inContract("Locks.callersOfOneClientAreServedInTheirOrderAndHaveOneEntryInTheStore"),
          // jetcd 291: the lock is granted to a call that returned long ago.
          CoreDefect.of(
                  "TIMED_OUT_WAITER_STAYS",
                  "Acquisition.java",
                  "if (settled) { return; } place.leave(() -> {});",
                  "if (settled) { return; }")
              .inContract("Regressions.aWaiterThatTimedOutIsNeverGranted"),
          CoreDefect.of(
                  "CANCELLED_WAITER_STAYS",
                  "Acquisition.java",
                  "settled = true; place.leave(() -> {}); over();",
                  "settled = true; over();")
              .inContract("GivingUp.aWaiterWhoGivesUpHasNoEffectOnThoseAroundIt"));

  private QueueDefects() {}
}

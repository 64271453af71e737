package io.tenure.defects;

import java.util.List;
import java.util.Set;

/** What goes wrong in what users see: callbacks, latches, tasks, cells, guards. */
final class RecipeDefects {
  static final List<CoreDefect> ALL =
      List.of(
          CoreDefect.of(
                  "CALLBACKS_OF_ONE_LISTENER_SIDE_BY_SIDE",
                  "Dispatcher.java",
                  "calls.add(call); if (running) { return; } running = true; }",
                  "} Dispatcher.this.execute(where, call); if (owner != null) { return; }")
              .inSchedules(
                  "LATCH",
                  "MEMORY",
                  Set.of("THEFT", "SESSION_KILLED", "PAUSE"),
                  "a listener is told in order")
              .inContract("Regressions.aSlowListenerIsToldOfTheLossBeforeTheNextElection"),
          CoreDefect.of(
                  "CALLBACK_THAT_THROWS_IS_THE_LAST",
                  "Dispatcher.java",
                  "Dispatcher.this.call(where, call);",
                  "call.run();")
              .inContract("Observing.anObserverThatThrowsIsCalledAgain"),
          // client-go's ReleaseOnCancel: the lease is given up while the work still runs.
          CoreDefect.of(
                  "RELEASED_WITHOUT_DRAIN",
                  "QueuedLatch.java",
                  "new Drain(context, lease, followers, drainNanos).drained()",
                  "CompletableFuture.<Void>completedFuture(null)")
              .inSchedules("LATCH", "MEMORY", Set.of(), "a listener is told in order")
              .inContract(
                  "Latches.theEntryIsRemovedOnlyAfterEveryListenerHasReturnedFromResigning"),
          CoreDefect.of(
                  "RELEASED_WHILE_DRAINING",
                  "Drain.java",
                  "drained.complete(null); })); }",
                  "drained.complete(null); })); drained.complete(null); }")
              .inSchedules("TASK", "MEMORY", Set.of(), "work stops before its lease is released")
              .inContract("Tasks.aTaskHasStoppedBeforeItsEntryIsRemovedAndTheNextOneLeads"),
          CoreDefect.of(
                  "RESIGNED_CANDIDATE_DOES_NOT_STAND_AGAIN",
                  "QueuedLatch.java",
                  "if (phase == Phase.STARTED) { enter(); }",
                  "")
              .inSchedules("LATCH", "MEMORY", Set.of(), "who stands is in the queue")
              .inContract("Latches.resigningHandsOverAndEntersAgainAtTheEnd"),
          CoreDefect.of(
                  "TWO_RUNS_OF_A_TASK_OVERLAP",
                  "LatchTask.java",
                  "if (running == null) { start(turn); }",
                  "if (turn != null) { start(turn); }")
              .inSchedules(
                  "TASK",
                  "MEMORY",
                  Set.of("SESSION_KILLED", "THEFT"),
                  "two runs of a task never overlap")
              .inContract("Tasks.twoRunsOfOneTaskNeverOverlap"),
          CoreDefect.of(
                  "TASK_IS_NOT_INTERRUPTED",
                  "LatchTask.java",
                  "turn.stopping = true; turn.thread.interrupt();",
                  "turn.stopping = true;")
              .inContract("Tasks.aTaskIsInterruptedWhenItsTurnIsLostAndRunsAgainInTheNextTurn"),
          CoreDefect.of(
                  "DISRUPTED_OBSERVER_IS_BLIND",
                  "Observation.java",
                  "if (ended == epoch) { watch(); }",
                  "")
              .inSchedules("LATCH", "ETCD", Set.of(), "an observer sees the last change")
              .inContract("Observing.anObservationBeginsAnewAfterADisruption"),
          CoreDefect.of(
                  "UNKNOWN_WRITE_LOOKS_LIKE_NONE",
                  "Failures.java",
                  "new OutcomeUnknownException(",
                  "new BackendUnavailableException(")
              .inSchedules("CELLS", "ETCD", Set.of(), "what was not applied is never seen")
              .inContract("Tokens.aGuardedWriteToAStoreThatWentBackIsNotTakenForAnything"),
          CoreDefect.of(
                  "GUARDED_WRITE_WITHOUT_ITS_GUARD",
                  "CellRequest.java",
                  "write(Optional.of(lease.place().self()), mutations)",
                  "write(Optional.empty(), mutations)")
              .inContract(
                  "VersionedCells.aGuardedWriteIsRefusedByTheStoreWhenTheEntryIsGoneThoughNobodyHasNoticed"),
          CoreDefect.of(
                  "SEAL_RAISES_NO_MARK",
                  "fencing/InMemoryFencingGuard.java",
                  "public void seal(String resource, FencingToken token) { admit(resource, token);",
                  "public void seal(String resource, FencingToken token) {"
                      + " ResourceNames.check(resource);")
              .inSchedules(
                  "LOCK",
                  "MEMORY",
                  Set.of("SLOW", "DUPLICATES", "PAUSE", "PARTITION"),
                  "no update is lost"),
          CoreDefect.of(
                  "MARK_IS_THE_LAST_TOKEN",
                  "fencing/HighWaterMark.java",
                  "if (presented.value() < token) {",
                  "if (presented.generation() < FencingToken.of(Math.max(1, token)).generation()) {")
              .inSchedules("LOCK", "MEMORY", Set.of(), "no stale write is admitted"));

  private RecipeDefects() {}
}

package io.tenure;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Somebody who follows the turns of a latch: a listener, or a task. Called in the lane. */
interface TurnFollower {
  void elected(HeldLease lease);

  /** The turn will end in an orderly way: completes when this follower has drained. */
  CompletableFuture<Void> resigning(HeldLease lease);

  /** The turn has ended; empty means that it was released. */
  void ended(HeldLease lease, Optional<LossReason> loss);

  /** Completes when everything told so far has been taken in. */
  CompletableFuture<Void> caughtUp();

  /** The latch is closed, or this follower was removed: nothing more is told. */
  void dismissed();
}

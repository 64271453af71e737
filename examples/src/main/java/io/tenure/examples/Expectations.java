package io.tenure.examples;

import io.tenure.examples.Report.What;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * Waits for what has to happen in a history.
 *
 * @param patience how long anything may take before the program gives up
 */
record Expectations(History history, Duration patience) {

  /** Waits for something that has happened since a moment, or will: see {@link History#await}. */
  Moment await(String what, Moment since, Predicate<Moment> wanted) throws InterruptedException {
    return history.await(what, patience, since, wanted);
  }

  Moment awaitReplica(String name, What what, Moment since) throws InterruptedException {
    return await(
        name + " to be " + what, since, moment -> moment.is(what) && moment.replica().equals(name));
  }

  Moment awaitOtherLeader(Moment endOfTurn) throws InterruptedException {
    return await(
        "a leader other than " + endOfTurn.replica(),
        endOfTurn,
        moment -> moment.is(What.ELECTED) && !moment.replica().equals(endOfTurn.replica()));
  }
}

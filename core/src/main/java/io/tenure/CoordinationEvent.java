package io.tenure;

import java.time.Duration;
import java.util.Optional;

/**
 * Something that happened to a client, as a fact: for logs, metrics and alarms, not for control.
 *
 * <p>Events of one client come one at a time, in the order in which they happened, on the client's
 * executor. New kinds may be added in a minor version: handle the unknown ones with a default.
 */
public sealed interface CoordinationEvent {
  /**
   * A session was opened in the store.
   *
   * @param session the store's name for it
   * @param ttl its time to live, as granted
   */
  record SessionOpened(String session, Duration ttl) implements CoordinationEvent {}

  /**
   * A session is over and every lease of it is lost. Candidates and waiters enter again with a new
   * one.
   *
   * @param session the store's name for it
   * @param reason why
   * @param cause what the store said; empty if the time ran out, or the client was closed
   */
  record SessionLost(String session, LossReason reason, Optional<Throwable> cause)
      implements CoordinationEvent {}

  /**
   * A renewal failed or was not answered in time; nothing is lost yet.
   *
   * @param session the store's name for the session
   * @param remaining how long its leases are still proved to last
   * @param cause what failed
   */
  record RenewalFailed(String session, Duration remaining, Throwable cause)
      implements CoordinationEvent {}

  /**
   * A lease was acquired.
   *
   * @param name the lock or election
   * @param token the lease's token
   * @param waited from the call to the grant
   */
  record Acquired(String name, FencingToken token, Duration waited) implements CoordinationEvent {}

  /**
   * A lease was released by its owner.
   *
   * @param name the lock or election
   * @param token the lease's token
   * @param held from the grant to the release
   */
  record Released(String name, FencingToken token, Duration held) implements CoordinationEvent {}

  /**
   * A lease was lost.
   *
   * @param name the lock or election
   * @param token the lease's token
   * @param reason why
   * @param held from the grant to the loss
   */
  record Lost(String name, FencingToken token, LossReason reason, Duration held)
      implements CoordinationEvent {}

  /**
   * An attempt of a waiter, candidate, observer or session failed and will be made again.
   *
   * @param what who is trying what, for example "lock 'accounts/42': enqueue"
   * @param pause how long until the next attempt
   * @param cause what failed
   */
  record Retrying(String what, Duration pause, Throwable cause) implements CoordinationEvent {}

  /**
   * A waiter's entry disappeared from the queue although its session lives, so somebody else
   * removed it; the waiter enters again at the end.
   *
   * @param name the lock or election
   */
  record PlaceLost(String name) implements CoordinationEvent {}

  /**
   * A singleton task threw.
   *
   * @param name the election
   * @param token the turn's token
   * @param cause what it threw
   */
  record TaskFailed(String name, FencingToken token, Throwable cause)
      implements CoordinationEvent {}

  /**
   * A singleton task returned although its lease is still held; it is not run again in this turn.
   *
   * @param name the election
   * @param token the turn's token
   */
  record TaskReturned(String name, FencingToken token) implements CoordinationEvent {}

  /**
   * A singleton task or listener did not stop within the drain time, and the lease was released
   * while it was still running: only the fencing token protects the data now.
   *
   * @param name the election
   * @param token the turn's token
   */
  record DrainTimedOut(String name, FencingToken token) implements CoordinationEvent {}

  /**
   * A callback of the user threw.
   *
   * @param where which callback
   * @param cause what it threw
   */
  record CallbackFailed(String where, Throwable cause) implements CoordinationEvent {}
}

package io.tenure;

import java.time.Duration;
import java.util.Optional;

/**
 * A client's condition at one moment, computed from the clock without I/O.
 *
 * @param status the summary
 * @param session the store's name for the present session
 * @param remaining how long the session's leases are proved to last; zero without one
 * @param sinceRenewal how long ago the newest successful renewal was sent; zero without a session
 * @param held how many leases are held
 * @param waiting how many acquisitions and candidacies wait
 * @param cleaning how many removals are being retried until they are definite
 */
public record Health(
    Status status,
    Optional<String> session,
    Duration remaining,
    Duration sinceRenewal,
    int held,
    int waiting,
    int cleaning) {

  /** The summary of a client's condition. */
  public enum Status {
    /** Nothing needs a session at present. */
    IDLE,
    /** The session is renewed as planned. */
    UP,
    /** The newest renewal failed or is overdue; what is held is still proved. */
    SUSPECT,
    /** A session is needed and there is none. */
    DOWN,
    /** The client is closed. */
    CLOSED
  }
}

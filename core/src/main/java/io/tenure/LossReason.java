package io.tenure;

/** Why a lease was lost. */
public enum LossReason {
  /** No renewal was proved in time; the local deadline passed, before the store's own. */
  EXPIRED,
  /** The store says that the session is gone, although its time was not up. */
  SESSION_LOST,
  /**
   * The lease's own entry disappeared from the store: somebody else removed it, or ended the
   * session there.
   */
  REVOKED,
  /** The time that an at-most-for hold was asked for is over. */
  AT_MOST_ELAPSED,
  /** The client was closed while the lease was held. */
  CLIENT_CLOSED
}

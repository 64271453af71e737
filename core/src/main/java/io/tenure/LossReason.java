package io.tenure;

/** Why a lease was lost. */
public enum LossReason {
  /** No renewal was proved in time; the local deadline passed, before the store's own. */
  EXPIRED,
  /** The store says that the session is gone, although its time was not up. */
  SESSION_LOST,
  /**
   * The store went back in time, or another one answers in its place, so that its tokens may go
   * back too. The log says what was seen. An operator raises the generation; see the store's page
   * in the documentation.
   */
  STORE_REGRESSED,
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

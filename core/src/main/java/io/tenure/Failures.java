package io.tenure;

import io.tenure.spi.StoreException;
import org.jspecify.annotations.Nullable;

/** How a store's failure looks to a user. */
final class Failures {
  private Failures() {}

  /** The failure of a request that asking again may or may not repeat. */
  static CoordinationException of(String what, StoreException e) {
    return switch (e.outcome()) {
      case REFUSED -> new BackendRefusedException(what + ": " + e.getMessage(), e);
      case NOT_DONE, SESSION_GONE, UNKNOWN ->
          new BackendUnavailableException(what + ": " + e.getMessage(), e);
    };
  }

  /** The failure of a write that must not be asked again blindly. */
  static CoordinationException ofWrite(String what, StoreException e) {
    return e.outcome() == StoreException.Outcome.UNKNOWN
        ? new OutcomeUnknownException(
            what + " may or may not have been applied: " + e.getMessage(), e)
        : of(what, e);
  }

  /** The failure of a wait that ran out without one answer from the store. */
  static CoordinationException unanswered(
      String what, long waitedNanos, @Nullable StoreException newest) {
    String message = what + ": the store gave no answer within " + Texts.duration(waitedNanos);
    return newest == null
        ? new BackendUnavailableException(message)
        : new BackendUnavailableException(message + ": " + newest.getMessage(), newest);
  }

  static ClientClosedException closed(String what) {
    return new ClientClosedException(what + ": the client is closed");
  }
}

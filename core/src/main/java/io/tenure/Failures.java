package io.tenure;

import io.tenure.spi.StoreException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a store's failure looks to a user. */
final class Failures {
  private Failures() {}

  /** The failure of a request that asking again may or may not repeat. */
  static CoordinationException of(String what, StoreException e) {
    return switch (e.outcome()) {
      case REFUSED -> new BackendRefusedException(what + ": " + e.getMessage(), e);
      case NOT_DONE, SESSION_GONE, STORE_REGRESSED, UNKNOWN ->
          new BackendUnavailableException(what + ": " + e.getMessage(), e);
    };
  }

  /** The failure of a write that must not be asked again blindly. */
  static CoordinationException ofWrite(String what, StoreException e) {
    return switch (e.outcome()) {
      case UNKNOWN, STORE_REGRESSED ->
          new OutcomeUnknownException(
              what + " may or may not have been applied: " + e.getMessage(), e);
      case NOT_DONE, SESSION_GONE, REFUSED -> of(what, e);
    };
  }

  /** Why the session is over in whose name a request was made; empty if the failure is no end. */
  static Optional<LossReason> endOfSession(StoreException e) {
    return switch (e.outcome()) {
      case SESSION_GONE -> Optional.of(LossReason.SESSION_LOST);
      case STORE_REGRESSED -> Optional.of(LossReason.STORE_REGRESSED);
      case NOT_DONE, UNKNOWN, REFUSED -> Optional.empty();
    };
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

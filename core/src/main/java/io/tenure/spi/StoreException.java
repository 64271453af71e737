package io.tenure.spi;

import static java.util.Objects.requireNonNull;

/**
 * How a backend reports that a request did not end well. The core takes any other exception for
 * {@link Outcome#UNKNOWN}.
 */
public class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Outcome outcome;

  /** What is known about a request that failed. */
  public enum Outcome {
    /** It was certainly not applied, and trying again may help. */
    NOT_DONE,
    /** It may have been applied, or may yet be. */
    UNKNOWN,
    /** It was not applied, because the session no longer exists in the store. */
    SESSION_GONE,
    /**
     * The store went back in time since the session was opened: it was restored from an older
     * state, or another store answers in its place. The session is over; whether the request was
     * applied is not known. The message says what was seen.
     */
    STORE_REGRESSED,
    /** It was not applied, and the same request will be refused again: rights, form, size. */
    REFUSED
  }

  /**
   * Creates an exception.
   *
   * @param outcome what is known about the request
   * @param message what failed, in a sentence
   */
  public StoreException(Outcome outcome, String message) {
    super(message);
    this.outcome = requireNonNull(outcome, "outcome");
  }

  /**
   * Creates an exception with its cause.
   *
   * @param outcome what is known about the request
   * @param message what failed, in a sentence
   * @param cause the store client's own exception
   */
  public StoreException(Outcome outcome, String message, Throwable cause) {
    super(message, cause);
    this.outcome = requireNonNull(outcome, "outcome");
  }

  /**
   * Returns what is known about the request.
   *
   * @return never null
   */
  public Outcome outcome() {
    return outcome;
  }
}

package io.tenure;

/**
 * Thrown when a write was sent and its answer was lost: it may have been applied, not applied, or
 * may yet be. Read the cell before deciding what to do.
 */
public class OutcomeUnknownException extends CoordinationException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message what failed, in a sentence
   */
  public OutcomeUnknownException(String message) {
    super(message);
  }

  /**
   * Creates the exception with its cause.
   *
   * @param message what failed, in a sentence
   * @param cause what made it fail
   */
  public OutcomeUnknownException(String message, Throwable cause) {
    super(message, cause);
  }
}

package io.tenure;

/**
 * Thrown when the store did not answer in time, or could not be reached: what was asked for has not
 * been done, and asking again later may help.
 */
public class BackendUnavailableException extends CoordinationException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message what failed, in a sentence
   */
  public BackendUnavailableException(String message) {
    super(message);
  }

  /**
   * Creates the exception with its cause.
   *
   * @param message what failed, in a sentence
   * @param cause what made it fail
   */
  public BackendUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}

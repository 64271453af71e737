package io.tenure;

/**
 * Thrown when the store refused a request in a way that asking again will not change: missing
 * rights, a wrong password, a setting that it does not accept.
 */
public class BackendRefusedException extends CoordinationException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message what failed, in a sentence
   */
  public BackendRefusedException(String message) {
    super(message);
  }

  /**
   * Creates the exception with its cause.
   *
   * @param message what failed, in a sentence
   * @param cause what made it fail
   */
  public BackendRefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}

package io.tenure;

/**
 * Thrown by a call on a client, lock or latch that is closed, and to those who were waiting when it
 * was closed.
 */
public class ClientClosedException extends CoordinationException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message what failed, in a sentence
   */
  public ClientClosedException(String message) {
    super(message);
  }

  /**
   * Creates the exception with its cause.
   *
   * @param message what failed, in a sentence
   * @param cause what made it fail
   */
  public ClientClosedException(String message, Throwable cause) {
    super(message, cause);
  }
}

package io.tenure;

/**
 * The root of every failure that Tenure reports: something about the coordination, not about the
 * caller's arguments (those are {@link IllegalArgumentException} and {@link
 * IllegalStateException}).
 */
public class CoordinationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception without a cause.
   *
   * @param message what failed, in a sentence
   */
  public CoordinationException(String message) {
    super(message);
  }

  /**
   * Creates an exception with its cause.
   *
   * @param message what failed, in a sentence
   * @param cause what made it fail
   */
  public CoordinationException(String message, Throwable cause) {
    super(message, cause);
  }
}

package io.tenure.examples;

/** A program could not be carried out: something that had to happen did not. */
final class DrillFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DrillFailure(String message) {
    super(message);
  }

  DrillFailure(String message, Throwable cause) {
    super(message, cause);
  }
}

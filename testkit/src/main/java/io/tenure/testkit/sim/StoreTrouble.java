package io.tenure.testkit.sim;

import io.tenure.spi.StoreException;

/**
 * A failed request, without a stack trace: it would show the simulation and take most of a step.
 */
final class StoreTrouble extends StoreException {
  private static final long serialVersionUID = 1L;

  StoreTrouble(Outcome outcome, String message) {
    super(outcome, message);
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}

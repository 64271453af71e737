package io.tenure;

/**
 * Thrown when a compare-and-swap expected a value or a version and the cell is empty: nothing was
 * there to compare with, which is an error and not just a lost race.
 */
public class EmptyCellException extends CoordinationException {
  private static final long serialVersionUID = 1L;

  private final String key;

  /**
   * Creates the exception.
   *
   * @param key the cell's key
   * @param expected what was expected of it
   */
  public EmptyCellException(String key, Expected expected) {
    super("the cell '" + key + "' is empty, but " + expected + " was expected");
    this.key = key;
  }

  /**
   * Returns the cell's key.
   *
   * @return as the user gave it
   */
  public String key() {
    return key;
  }
}

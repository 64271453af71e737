package io.tenure;

/**
 * How a compare-and-swap ended that the store answered. A cell that is empty where something was
 * expected is an {@link EmptyCellException}; a lost answer is an {@link OutcomeUnknownException}.
 */
public sealed interface CasResult {
  /**
   * Tells whether the swap was applied.
   *
   * @return true for {@link Swapped}
   */
  default boolean swapped() {
    return this instanceof Swapped;
  }

  /**
   * The cell was as expected and has been written.
   *
   * @param version the new version; 0 if the cell was deleted
   */
  record Swapped(long version) implements CasResult {}

  /**
   * The cell is not as expected and was left alone.
   *
   * @param current what it holds
   */
  record Differs(Versioned current) implements CasResult {}
}

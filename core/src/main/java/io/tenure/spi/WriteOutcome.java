package io.tenure.spi;

import io.tenure.Versioned;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How an atomic write of cells ended, where the store said so. A write whose answer was lost fails
 * its stage with a {@link StoreException} of outcome {@code UNKNOWN} instead.
 */
public sealed interface WriteOutcome {
  /**
   * All mutations were applied.
   *
   * @param versions the new version of each cell, in the order of the mutations; empty for a
   *     deleted one
   */
  record Applied(List<OptionalLong> versions) implements WriteOutcome {
    /** Copies the list. */
    public Applied {
      versions = List.copyOf(versions);
    }
  }

  /**
   * Nothing was applied, because the cell of one mutation is not as expected.
   *
   * @param index the mutation
   * @param current what the cell holds; empty if it is empty
   */
  record Mismatch(int index, Optional<Versioned> current) implements WriteOutcome {}

  /** Nothing was applied, because the guarding entry no longer exists. */
  record HolderGone() implements WriteOutcome {}
}

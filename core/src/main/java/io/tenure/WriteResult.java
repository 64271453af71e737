package io.tenure;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How an atomic write of several cells ended that the store answered. A cell that is empty where
 * something was expected is an {@link EmptyCellException}, a holder that is gone a {@link
 * LeaseLostException}, a lost answer an {@link OutcomeUnknownException}.
 */
public sealed interface WriteResult {
  /**
   * Tells whether the write was applied.
   *
   * @return true for {@link Applied}
   */
  default boolean applied() {
    return this instanceof Applied;
  }

  /**
   * Every cell was as expected, and all have been written.
   *
   * @param versions the new version of each cell by its key, in the order of the writes; 0 for one
   *     that was deleted
   */
  record Applied(Map<String, Long> versions) implements WriteResult {
    /** Copies the map and keeps its order. */
    public Applied {
      versions = Collections.unmodifiableMap(new LinkedHashMap<>(versions));
    }

    /**
     * Returns the new version of a cell.
     *
     * @param key the cell
     * @return the version; 0 if the cell was deleted
     * @throws IllegalArgumentException if the cell was not among those that were written
     */
    public long version(String key) {
      Long version = versions.get(key);
      if (version == null) {
        throw new IllegalArgumentException(
            "the cells that were written are " + versions.keySet() + ", not '" + key + "'");
      }
      return version;
    }
  }

  /**
   * A cell is not as expected, and none was written. Others may differ as well.
   *
   * @param key the cell
   * @param current what it holds
   */
  record Differs(String key, Versioned current) implements WriteResult {}
}

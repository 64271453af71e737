package io.tenure.testkit.sim;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What happened in one schedule.
 *
 * @param seed its seed
 * @param profile its store
 * @param faults the faults that happened
 * @param hash a summary of every step: equal for two runs of one seed
 * @param time how long it lasted, in simulated time
 * @param counts how often something happened, by its name, sorted
 */
public record SimulationResult(
    long seed,
    StoreProfile profile,
    List<PlannedFault> faults,
    long hash,
    Duration time,
    Map<String, Long> counts) {
  /** Copies the collections. */
  public SimulationResult {
    faults = List.copyOf(faults);
    counts = new TreeMap<>(counts);
  }
}

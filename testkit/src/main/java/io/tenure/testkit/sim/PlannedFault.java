package io.tenure.testkit.sim;

import java.time.Duration;
import java.util.Locale;

/**
 * One fault of one schedule.
 *
 * @param kind what happens
 * @param at when it begins
 * @param lasts for how long, where it lasts
 * @param seat whom it concerns, counted from 0; meaningless for the store's own faults
 * @param amount how bad it is, from 0 to 1
 */
public record PlannedFault(FaultKind kind, Duration at, Duration lasts, int seat, double amount) {
  /** The same in another form. */
  PlannedFault as(FaultKind other) {
    return new PlannedFault(other, at, lasts, seat, amount);
  }

  @Override
  public String toString() {
    String whom = kind.isOfOneProcess() ? " of replica " + seat : "";
    return String.format(
        Locale.ROOT,
        "%s%s at %.3f s for %.3f s (%.2f)",
        kind,
        whom,
        (double) at.toNanos() / 1e9,
        (double) lasts.toNanos() / 1e9,
        amount);
  }
}

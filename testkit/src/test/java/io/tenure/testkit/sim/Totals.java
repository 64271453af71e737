package io.tenure.testkit.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What many schedules were like, whatever their order. */
final class Totals {
  /** Steps of a fifth of a decade, from a millisecond to 100 s. */
  private static final int PER_DECADE = 5;

  private static final int DECADES = 5;
  private static final int PERCENT_STEPS = 20;

  long schedules;
  long simulatedNanos;
  long hash;

  /** Renewals that were answered after the deadline. */
  long lateRenewals;

  final Map<String, Long> counts = new TreeMap<>();
  final List<SimulationFailure> failures = new ArrayList<>();

  /** Times without a leader, after the former one had handed over. */
  final long[] handedOver = new long[PER_DECADE * DECADES];

  /** Times without a leader, after the former one was lost. */
  final long[] lost = new long[PER_DECADE * DECADES];

  /** What was left of the deadline when a renewal was answered, in parts of the time to live. */
  final long[] margins = new long[PERCENT_STEPS];

  void add(SimulationResult result, LeaseBook book) {
    schedules++;
    simulatedNanos += result.time().toNanos();
    hash += result.hash();
    result.counts().forEach((what, count) -> counts.merge(what, count, Long::sum));
    for (Vacancies.Vacancy vacancy : book.vacancies().all()) {
      if (vacancy.before().queue().path().contains("/election/")) {
        Reports.Report report = book.reports().find(vacancy.before());
        boolean released = report != null && report.released > 0;
        (released ? handedOver : lost)[step(vacancy.nanos())]++;
      }
    }
  }

  private static int step(long nanos) {
    double decades = Math.log10(Math.max(1, (double) nanos / 1e6));
    return Math.min((int) (decades * PER_DECADE), PER_DECADE * DECADES - 1);
  }

  /** Takes in what was left of a time to live when a renewal was answered. */
  void addMargin(double part) {
    if (part > 0) {
      margins[Math.min((int) (part * PERCENT_STEPS), PERCENT_STEPS - 1)]++;
    } else {
      lateRenewals++;
    }
  }

  void add(Totals other) {
    schedules += other.schedules;
    simulatedNanos += other.simulatedNanos;
    hash += other.hash;
    lateRenewals += other.lateRenewals;
    other.counts.forEach((what, count) -> counts.merge(what, count, Long::sum));
    failures.addAll(other.failures);
    addTo(handedOver, other.handedOver);
    addTo(lost, other.lost);
    addTo(margins, other.margins);
  }

  private static void addTo(long[] sums, long[] more) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += more[i];
    }
  }

  long count(String what) {
    return counts.getOrDefault(what, 0L);
  }

  /** The sum of all counts whose names begin alike. */
  long countAll(String prefix) {
    return counts.entrySet().stream()
        .filter(count -> count.getKey().startsWith(prefix))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }
}

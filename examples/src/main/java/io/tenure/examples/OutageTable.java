package io.tenure.examples;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Outages as a table in Markdown. */
final class OutageTable {
  private static final String HEAD =
      """
      | Store | TTL | What happened | Runs | Min | Median | Max | Once a day, median | Once a day, max |
      |---|--:|---|--:|--:|--:|--:|---|---|
      """;

  private OutageTable() {}

  static String of(List<Outages> all) {
    StringBuilder table = new StringBuilder(HEAD);
    all.forEach(outages -> table.append(row(outages)));
    return table.toString();
  }

  private static String row(Outages outages) {
    return String.format(
        Locale.ROOT,
        "| %s | %s s | %s | %d | %s | %s | %s | %s | %s |%n",
        outages.store(),
        BigDecimal.valueOf(outages.ttl().toMillis(), 3).stripTrailingZeros().toPlainString(),
        outages.what(),
        outages.lengths().size(),
        seconds(outages.min()),
        seconds(outages.median()),
        seconds(outages.max()),
        availability(outages.median()),
        availability(outages.max()));
  }

  static String seconds(Duration length) {
    return length.isZero() ? "0 s" : String.format(Locale.ROOT, "%.3f s", length.toNanos() / 1e9);
  }

  /** Rounded down: a nine that is not there is not shown. */
  private static String availability(Duration onceADay) {
    if (onceADay.isZero()) {
      return "100 %";
    }
    BigDecimal percent =
        BigDecimal.valueOf(Outages.availability(onceADay) * 100).setScale(6, RoundingMode.FLOOR);
    return percent + " % (" + Outages.nines(onceADay) + " nines)";
  }
}

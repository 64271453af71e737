package io.tenure.examples;

import java.time.Duration;
import java.util.List;

/**
 * How long nobody led, or nobody could begin to, each time that the same thing happened.
 *
 * @param store the store's name
 * @param ttl the time to live of the replicas' sessions
 * @param what what happened
 * @param lengths how long it lasted, each time
 */
record Outages(String store, Duration ttl, String what, List<Duration> lengths) {
  private static final double DAY_NANOS = Duration.ofDays(1).toNanos();

  Outages {
    if (lengths.isEmpty()) {
      throw new IllegalArgumentException("nothing was measured of '" + what + "'");
    }
    lengths = lengths.stream().sorted().toList();
  }

  Duration min() {
    return lengths.get(0);
  }

  /** The middle one; of two in the middle, what lies between them. */
  Duration median() {
    Duration lower = lengths.get((lengths.size() - 1) / 2);
    return lower.plus(lengths.get(lengths.size() / 2)).dividedBy(2);
  }

  Duration max() {
    return lengths.get(lengths.size() - 1);
  }

  /** The share of the day in which somebody leads, if nobody does for that long once a day. */
  static double availability(Duration onceADay) {
    return 1 - onceADay.toNanos() / DAY_NANOS;
  }

  /** How many nines that share begins with: 4 for 99.995 %. */
  static int nines(Duration onceADay) {
    return (int) Math.floor(-Math.log10(onceADay.toNanos() / DAY_NANOS));
  }
}

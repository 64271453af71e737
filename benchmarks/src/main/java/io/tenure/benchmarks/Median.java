package io.tenure.benchmarks;

import java.util.Arrays;

/**
 * The middle of some figures, and where the true one lies with 99 % confidence whatever their
 * distribution is: between two of them, whose ranks follow from the binomial distribution. A mean
 * would be ruled by the few iterations in which the machine did something else.
 */
record Median(double low, double value, double high) {
  private static final double QUANTILE = 2.576; // of the normal distribution, for 99 %

  static Median of(double... figures) {
    double[] sorted = figures.clone();
    Arrays.sort(sorted);
    int count = sorted.length;
    int reach = (int) Math.ceil(QUANTILE * Math.sqrt(count) / 2);
    return new Median(
        sorted[Math.max(0, (count - 1) / 2 - reach)],
        (sorted[(count - 1) / 2] + sorted[count / 2]) / 2,
        sorted[Math.min(count - 1, count / 2 + reach)]);
  }
}

package io.tenure.examples;

/**
 * A report with its time and its replica.
 *
 * @param atNanos when the drill heard or did it, on {@link System#nanoTime()}
 * @param replica whom it is about
 * @param report what happened
 */
record Moment(long atNanos, String replica, Report report) {
  boolean is(Report.What what) {
    return report.what() == what;
  }

  long token() {
    return report.token();
  }
}

package io.tenure.examples;

import io.tenure.examples.Report.What;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One change of leadership that the drill brought about.
 *
 * @param from the former leader's election
 * @param deed what was done to it
 * @param to the next leader's election
 */
record Takeover(Moment from, Moment deed, Moment to) {
  /** Finds the first takeover by a deed; empty if it was not the leader's, or nobody followed. */
  static Optional<Takeover> by(What what, List<Moment> moments) {
    Optional<Moment> from = Optional.empty();
    Optional<Moment> deed = Optional.empty();
    for (Moment moment : moments) {
      if (moment.is(What.ELECTED)) {
        if (deed.isPresent()) {
          return Optional.of(new Takeover(from.orElseThrow(), deed.get(), moment));
        }
        from = Optional.of(moment);
      } else if (deed.isEmpty() && moment.is(what)) {
        if (from.isEmpty() || !from.get().replica().equals(moment.replica())) {
          return Optional.empty();
        }
        deed = Optional.of(moment);
      }
    }
    return Optional.empty();
  }

  /** Whether somebody else leads now, and with a greater token. */
  boolean isToAnother() {
    return !to.replica().equals(from.replica()) && to.token() > from.token();
  }

  /** How long nobody led, counted from the deed. */
  Duration gap() {
    return Duration.ofNanos(to.atNanos() - deed.atNanos());
  }

  /**
   * Tells it in a sentence.
   *
   * @param done what was done, such as "killed"
   */
  String tell(String done) {
    return String.format(
        Locale.ROOT,
        "%s led with token %d and was %s; %s led with token %d, %.3f s later",
        from.replica(),
        from.token(),
        done,
        to.replica(),
        to.token(),
        gap().toNanos() / 1e9);
  }
}

package io.tenure.examples;

import io.tenure.examples.Report.What;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** What must be true of the turns of leadership after a drill, judged from its history. */
final class TurnChecks {
  private static final String KILLED_BY_SIGKILL = "137";
  private static final String ENDED_WELL = "0";

  private final List<Moment> moments;
  private final Duration ttl;

  TurnChecks(List<Moment> moments, Duration ttl) {
    this.moments = moments;
    this.ttl = ttl;
  }

  List<Check> all() {
    return List.of(
        kill(), freeze(), noticedLoss(), noFailBack(), cleanStop(), greaterTokens(), goodEnd());
  }

  private Check kill() {
    return takeover(
        What.KILLED, "killed", kill -> exitCode(kill).equals(Optional.of(KILLED_BY_SIGKILL)));
  }

  private Check freeze() {
    return takeover(
        What.FROZEN,
        "frozen",
        freeze ->
            next(freeze.deed(), What.THAWED)
                .filter(thawed -> thawed.atNanos() >= freeze.to().atNanos())
                .filter(thawed -> thawed.atNanos() - freeze.deed().atNanos() >= ttl.toNanos())
                .isPresent());
  }

  private Check cleanStop() {
    return takeover(
        What.TOLD_TO_STOP,
        "told to stop",
        stop ->
            stop.gap().compareTo(ttl.dividedBy(2)) < 0
                && exitCode(stop).equals(Optional.of(ENDED_WELL)));
  }

  private Check takeover(What deed, String done, Predicate<Takeover> asPlanned) {
    Optional<Takeover> takeover = Takeover.by(deed, moments);
    return new Check(
        takeover.filter(Takeover::isToAnother).filter(asPlanned).isPresent(),
        takeover
            .map(happened -> happened.tell(done))
            .orElse("a leader was " + done + " and another one took over"));
  }

  private Check noticedLoss() {
    Optional<Takeover> freeze = Takeover.by(What.FROZEN, moments);
    boolean noticed =
        freeze
            .flatMap(takeover -> next(takeover.deed(), What.THAWED))
            .flatMap(thawed -> next(thawed, What.LOST))
            .filter(lost -> lost.token() == freeze.get().from().token())
            .isPresent();
    return new Check(
        noticed, "the frozen leader noticed by itself, when it woke up, that its lease was lost");
  }

  private Check noFailBack() {
    Optional<Moment> thawed = moments.stream().filter(m -> m.is(What.THAWED)).findFirst();
    boolean waits = thawed.flatMap(moment -> next(moment, What.STANDBY)).isPresent();
    boolean leads =
        thawed.isPresent()
            && after(thawed.get()).stream()
                .takeWhile(moment -> !moment.is(What.TOLD_TO_STOP))
                .anyMatch(moment -> moment.is(What.ELECTED));
    return new Check(
        waits && !leads, "then it was a standby again: nobody failed back, the leader stayed");
  }

  private Check greaterTokens() {
    List<Moment> elections = moments.stream().filter(m -> m.is(What.ELECTED)).toList();
    boolean grew = true;
    for (int i = 1; i < elections.size(); i++) {
      grew &= elections.get(i).token() > elections.get(i - 1).token();
    }
    return new Check(
        grew && elections.size() > 1,
        "each of " + elections.size() + " leaders had a greater token than the one before");
  }

  private Check goodEnd() {
    long started = moments.stream().filter(m -> m.is(What.STARTED)).count();
    long killed = moments.stream().filter(m -> m.is(What.KILLED)).count();
    long endedWell =
        moments.stream()
            .filter(m -> m.is(What.EXITED) && m.report().detail().equals(ENDED_WELL))
            .count();
    List<String> failures =
        moments.stream()
            .filter(m -> m.is(What.FAILED) || m.is(What.DIED))
            .map(m -> m.replica() + " " + m.report().line())
            .toList();
    return new Check(
        endedWell == started - killed && failures.isEmpty(),
        endedWell
            + " of "
            + started
            + " processes ended with exit code 0, "
            + killed
            + " by the kill; failures reported: "
            + (failures.isEmpty() ? "none" : String.join("; ", failures)));
  }

  private Optional<String> exitCode(Takeover takeover) {
    return next(takeover.deed(), What.EXITED).map(exited -> exited.report().detail());
  }

  /** The next moment of a kind that is about the same replica. */
  private Optional<Moment> next(Moment since, What what) {
    return after(since).stream()
        .filter(moment -> moment.is(what) && moment.replica().equals(since.replica()))
        .findFirst();
  }

  private List<Moment> after(Moment since) {
    return moments.subList(moments.indexOf(since) + 1, moments.size());
  }
}

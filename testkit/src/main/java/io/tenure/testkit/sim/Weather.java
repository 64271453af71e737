package io.tenure.testkit.sim;

import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** What is wrong at present on the way between one seat and the rest of the world. */
final class Weather {
  private static final int MOST_READINGS = 12;

  private final Map<FaultKind, Integer> active = new EnumMap<>(FaultKind.class);
  private double worst;
  private int answersToLose;
  private final ArrayDeque<PlannedFault> stalls = new ArrayDeque<>();
  private final ArrayDeque<PlannedFault> clockPauses = new ArrayDeque<>();
  private int readingsLeft;

  void begin(PlannedFault fault) {
    active.merge(fault.kind(), 1, Integer::sum);
    worst = Math.max(worst, fault.amount());
  }

  void end(FaultKind kind) {
    active.merge(kind, -1, Integer::sum);
  }

  boolean is(FaultKind kind) {
    return active.getOrDefault(kind, 0) > 0;
  }

  boolean requestsPass() {
    return !is(FaultKind.PARTITION) && !is(FaultKind.REQUESTS_CUT);
  }

  boolean answersPass() {
    return !is(FaultKind.PARTITION) && !is(FaultKind.ANSWERS_CUT);
  }

  /** How bad the worst fault so far was. */
  double worst() {
    return worst;
  }

  void loseAnswer() {
    answersToLose++;
  }

  boolean takeLostAnswer() {
    if (answersToLose > 0) {
      answersToLose--;
      return true;
    }
    return false;
  }

  void stall(PlannedFault fault) {
    stalls.add(fault);
  }

  /** The stall that is to hit the present answer, if one is due. */
  Optional<PlannedFault> takeStall() {
    return Optional.ofNullable(stalls.poll());
  }

  /** Calls off what has not happened yet. */
  void clear() {
    answersToLose = 0;
    stalls.clear();
    clockPauses.clear();
  }

  void pauseAtClock(PlannedFault fault) {
    if (clockPauses.isEmpty()) {
      readingsLeft = readings(fault);
    }
    clockPauses.add(fault);
  }

  /** At which of the next readings: some of them follow each other in the same step. */
  private static int readings(PlannedFault fault) {
    return 1 + (int) (fault.amount() * MOST_READINGS);
  }

  /** Counts a reading of the clock; zero unless it is to be interrupted by a pause. */
  long takeClockPause() {
    if (clockPauses.isEmpty() || --readingsLeft > 0) {
      return 0;
    }
    long nanos = clockPauses.remove().lasts().toNanos();
    if (!clockPauses.isEmpty()) {
      readingsLeft = readings(clockPauses.element());
    }
    return nanos;
  }
}

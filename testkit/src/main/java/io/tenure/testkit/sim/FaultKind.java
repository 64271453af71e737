package io.tenure.testkit.sim;

import java.util.EnumSet;
import java.util.Set;

/** What can go wrong in a simulation. */
public enum FaultKind {
  /** Neither requests nor answers pass between a process and the store. */
  PARTITION,
  /** Requests of a process do not reach the store; answers and events still come. */
  REQUESTS_CUT,
  /** Requests of a process are applied, and it hears nothing of it. */
  ANSWERS_CUT,
  /** Requests and answers take seconds, some of them half a minute. */
  SLOW,
  /** A part of the requests and answers is lost. */
  LOSS,
  /** Requests arrive twice. */
  DUPLICATES,
  /** The next answer is lost. */
  LOST_ANSWER,
  /** The connection stalls with the next answer in it: it arrives late, and requests do not. */
  STALLED_ANSWER,
  /** Heartbeats are answered and extend nothing, as by a leader that was replaced. */
  STALE_HEARTBEATS,
  /** The store is away, loses what was under way, and counts every session anew when it is back. */
  STORE_RESTART,
  /** Another leader counts every session anew; every watch is disrupted. */
  LEADER_CHANGE,
  /** Every watch of a process is disrupted. */
  WATCHES_CANCELLED,
  /** The store has forgotten the version that a watch wants to begin at. */
  COMPACTION,
  /** Nothing of a process runs, while its clock goes on. */
  PAUSE,
  /** The same, in the middle of its code: right before or after it has read the clock. */
  PAUSE_AT_THE_CLOCK,
  /** A process dies; another one takes its place later. */
  CRASH,
  /** A process closes its client in good order; another one takes its place later. */
  ORDERLY_STOP,
  /** An operator ends a session that is alive. */
  SESSION_KILLED,
  /** A stranger deletes the first entry of a queue. */
  THEFT,
  /** A process's clock runs at another rate than the margins allow for. */
  CLOCK_RATE,
  /** A process is paused and its clock stands still meanwhile, as in a suspended machine. */
  CLOCK_STOPPED;

  /**
   * Returns the faults that break no assumption: at most one lease is held at any moment, whatever
   * of them happens.
   *
   * @return all but those of the clock
   */
  public static Set<FaultKind> withinAssumptions() {
    return EnumSet.complementOf(EnumSet.of(CLOCK_RATE, CLOCK_STOPPED));
  }

  /** True if it concerns one process and not the store as a whole. */
  boolean isOfOneProcess() {
    return switch (this) {
      case STORE_RESTART, LEADER_CHANGE, THEFT -> false;
      default -> true;
    };
  }
}

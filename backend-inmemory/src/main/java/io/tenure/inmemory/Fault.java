package io.tenure.inmemory;

import java.time.Duration;

/**
 * What becomes of one request, or of one event on its way to a watcher.
 *
 * <p>A fault says two things apart: when the store applies the request, if ever, and what the
 * client hears of it. An event is no request; for it, everything that is answered normally arrives,
 * everything that is lost is dropped, and everything that fails disrupts the watch.
 */
public final class Fault {
  private static final long NEVER = -1;

  private static final Fault NONE = new Fault("none", 0, Answer.RESULT);
  private static final Fault FAIL_BEFORE = new Fault("failBefore", NEVER, Answer.NOT_DONE);
  private static final Fault FAIL_AFTER = new Fault("failAfter", 0, Answer.UNKNOWN);
  private static final Fault REFUSE = new Fault("refuse", NEVER, Answer.REFUSED);
  private static final Fault LOSE_REQUEST = new Fault("loseRequest", NEVER, Answer.LOST);
  private static final Fault LOSE_ANSWER = new Fault("loseAnswer", 0, Answer.LOST);
  private static final Fault HANG = new Fault("hang", 0, Answer.HANGING);
  private static final Fault STALE_HEARTBEAT = new Fault("staleHeartbeat", 0, Answer.RESULT);
  private static final Fault DROP_EVENT = new Fault("dropEvent", NEVER, Answer.LOST);
  private static final Fault DISRUPT = new Fault("disrupt", NEVER, Answer.NOT_DONE);

  private final String name;
  private final long applyAfterNanos;
  private final long answerAfterNanos;
  private final Answer answer;

  /** What the client hears of a request. */
  enum Answer {
    /** What the store said. */
    RESULT,
    /** A failure with outcome {@code NOT_DONE}, at once. */
    NOT_DONE,
    /** A failure with outcome {@code UNKNOWN}, at once. */
    UNKNOWN,
    /** A failure with outcome {@code REFUSED}, at once. */
    REFUSED,
    /** A failure with outcome {@code UNKNOWN}, when the client's request timeout is over. */
    LOST,
    /** Nothing, for ever. */
    HANGING
  }

  private Fault(String name, long applyAfterNanos, Answer answer) {
    this(name, applyAfterNanos, 0, answer);
  }

  private Fault(String name, long applyAfterNanos, long answerAfterNanos, Answer answer) {
    this.name = name;
    this.applyAfterNanos = applyAfterNanos;
    this.answerAfterNanos = answerAfterNanos;
    this.answer = answer;
  }

  /**
   * Returns no fault: applied and answered at once.
   *
   * @return the fault
   */
  public static Fault none() {
    return NONE;
  }

  /**
   * Returns a failure that is known to have had no effect: not applied, {@code NOT_DONE} at once.
   *
   * @return the fault
   */
  public static Fault failBefore() {
    return FAIL_BEFORE;
  }

  /**
   * Returns a connection that breaks after the store did its work: applied, {@code UNKNOWN} at
   * once.
   *
   * @return the fault
   */
  public static Fault failAfter() {
    return FAIL_AFTER;
  }

  /**
   * Returns a refusal that repeating does not cure: not applied, {@code REFUSED} at once.
   *
   * @return the fault
   */
  public static Fault refuse() {
    return REFUSE;
  }

  /**
   * Returns a lost request: not applied, {@code UNKNOWN} when the client's request timeout is over.
   * With {@link #dropEvent()} for every event, this is a client that is cut off.
   *
   * @return the fault
   */
  public static Fault loseRequest() {
    return LOSE_REQUEST;
  }

  /**
   * Returns a lost answer: applied, {@code UNKNOWN} when the client's request timeout is over. To
   * the client it looks like {@link #loseRequest()}.
   *
   * @return the fault
   */
  public static Fault loseAnswer() {
    return LOSE_ANSWER;
  }

  /**
   * Returns a request that is applied and whose stage never completes: a backend that forgot its
   * own time limit.
   *
   * @return the fault
   */
  public static Fault hang() {
    return HANG;
  }

  /**
   * Returns a ghost: the answer is lost, and the store applies the request only later, even if the
   * client has withdrawn it meanwhile.
   *
   * @param delay after which the store applies it, longer than zero
   * @return the fault
   * @throws IllegalArgumentException if {@code delay} is not positive
   */
  public static Fault lateApply(Duration delay) {
    return new Fault("lateApply(" + delay + ")", nanos(delay), Answer.LOST);
  }

  /**
   * Returns a slow way to the store: applied after the delay, answered at once then. Beyond the
   * client's request timeout this is {@link #lateApply}.
   *
   * @param delay after which the store applies it, longer than zero
   * @return the fault
   * @throws IllegalArgumentException if {@code delay} is not positive
   */
  public static Fault delay(Duration delay) {
    return new Fault("delay(" + delay + ")", nanos(delay), Answer.RESULT);
  }

  /**
   * Returns a slow way back: applied at once, answered after the delay. Beyond the client's request
   * timeout this is {@link #loseAnswer()}.
   *
   * @param delay after which the answer arrives, longer than zero
   * @return the fault
   * @throws IllegalArgumentException if {@code delay} is not positive
   */
  public static Fault delayAnswer(Duration delay) {
    return new Fault("delayAnswer(" + delay + ")", 0, nanos(delay), Answer.RESULT);
  }

  /**
   * Returns a heartbeat whose answer is a lie: acknowledged with its full validity, but the session
   * is not extended and need not even exist any more. A leader of the store that is stuck and has
   * not noticed that it was replaced answers so. For any other request it is {@link #none()}.
   *
   * @return the fault
   */
  public static Fault staleHeartbeat() {
    return STALE_HEARTBEAT;
  }

  /**
   * Returns the silent loss of one event; the watch goes on.
   *
   * @return the fault
   */
  public static Fault dropEvent() {
    return DROP_EVENT;
  }

  /**
   * Returns the end of a watch, of which the watcher is told in place of the event.
   *
   * @return the fault
   */
  public static Fault disrupt() {
    return DISRUPT;
  }

  boolean isApplied() {
    return applyAfterNanos != NEVER;
  }

  boolean isStaleHeartbeat() {
    return this == STALE_HEARTBEAT;
  }

  /** Returns the time on the way to the store; meaningful only if it is applied. */
  long applyAfterNanos() {
    return applyAfterNanos;
  }

  /** Returns the time on the way back. */
  long answerAfterNanos() {
    return answerAfterNanos;
  }

  Answer answer() {
    return answer;
  }

  private static long nanos(Duration delay) {
    if (delay.isNegative() || delay.isZero()) {
      throw new IllegalArgumentException("a delay is longer than zero, but this is " + delay);
    }
    return delay.toNanos();
  }

  @Override
  public String toString() {
    return name;
  }
}

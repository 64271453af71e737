package io.tenure.testkit;

import io.tenure.spi.StoreException.Outcome;
import java.util.function.Consumer;

/** Says what becomes of a call that a client has yet to make; see {@link FaultyBackend#next}. */
public final class NextCall {
  private final Consumer<Fault> script;

  NextCall(Consumer<Fault> script) {
    this.script = script;
  }

  /** Makes the call, and reports it as {@link Outcome#UNKNOWN} when the store has answered. */
  public void loseAnswer() {
    script.accept(new Fault.AnswerLost());
  }

  /** Makes the call, and never reports anything: for a watch, a departure that goes unnoticed. */
  public void neverAnswer() {
    script.accept(new Fault.NeverAnswered());
  }

  /**
   * Does not make the call, and fails it.
   *
   * @param outcome what the client is told
   */
  public void fail(Outcome outcome) {
    script.accept(new Fault.Failing(outcome));
  }

  /**
   * Makes the call, and keeps the answer back until the test lets it arrive.
   *
   * @return the answer
   */
  public HeldAnswer holdAnswer() {
    HeldAnswer held = new HeldAnswer();
    script.accept(new Fault.AnswerHeld(held));
    return held;
  }

  /**
   * Keeps the call back until the test lets it arrive, however much has happened meanwhile.
   *
   * @return the call
   */
  public HeldCall holdCall() {
    HeldCall held = new HeldCall();
    script.accept(new Fault.CallHeld(held));
    return held;
  }
}

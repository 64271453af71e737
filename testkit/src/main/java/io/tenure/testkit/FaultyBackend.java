package io.tenure.testkit;

import io.tenure.spi.Backend;
import io.tenure.spi.ClientSpec;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.Traits;

/**
 * Any backend, with faults that a test has scripted, and counts of what was asked of it.
 *
 * <pre>{@code
 * var faulty = FaultyBackend.around(backend);
 * faulty.next(StoreCall.ENQUEUE).loseAnswer();
 * }</pre>
 *
 * <p>{@link #cutOff} takes the client's own calls away from the store. A store client that keeps
 * its session alive by itself, as ZooKeeper's does, has to be cut off at its socket: see {@link
 * Link}. Thread-safe.
 */
public final class FaultyBackend implements Backend {
  private final Backend real;
  private final Switchboard board = new Switchboard();

  private FaultyBackend(Backend real) {
    this.real = real;
  }

  /**
   * Puts faults around a backend.
   *
   * @param real what answers the calls that are made
   * @return the backend to give to a client
   */
  public static FaultyBackend around(Backend real) {
    return new FaultyBackend(real);
  }

  /**
   * Scripts what becomes of the next call of a kind that has nothing scripted yet: two faults in a
   * row concern two calls.
   *
   * @param call the kind
   * @return takes the fault
   */
  public NextCall next(StoreCall call) {
    return new NextCall(fault -> board.next(call, fault));
  }

  /**
   * Scripts what becomes of every call of a kind from now on, after those with {@link #next}.
   *
   * @param call the kind
   * @return takes the fault
   */
  public NextCall each(StoreCall call) {
    return new NextCall(fault -> board.each(call, fault));
  }

  /** Takes back every scripted fault that has not happened. */
  public void clear() {
    board.clear();
  }

  /**
   * Returns how many faults scripted with {@link #next} have not happened yet, so that a test can
   * show that its fault took place.
   *
   * @param call the kind
   * @return zero if all of them have
   */
  public int pending(StoreCall call) {
    return board.pending(call);
  }

  /**
   * Cuts the client off: its calls no longer reach the store, and no answer, departure or view
   * reaches it.
   */
  public void cutOff() {
    board.cut();
  }

  /**
   * Ends {@link #cutOff}: what was swallowed fails as unknown, and every open watch as disrupted.
   * Does nothing if the client is not cut off.
   */
  public void heal() {
    board.heal();
  }

  /** Ends every open watch as a lost connection does, although nothing departed. */
  public void disruptWatches() {
    board.disruptWatches();
  }

  /**
   * Counts the calls that the client made, whatever became of them.
   *
   * @param call the kind
   * @return how many since the beginning
   */
  public long calls(StoreCall call) {
    return board.count(call);
  }

  /**
   * Counts the departures that the client was told of.
   *
   * @return how many since the beginning
   */
  public long wakeUps() {
    return board.wakeUps();
  }

  /**
   * Counts the watches, on entries and on queues, that the client has open.
   *
   * @return how many now
   */
  public int openWatches() {
    return board.openWatches();
  }

  @Override
  public Traits traits() {
    return real.traits();
  }

  @Override
  public StoreConnection open(ClientSpec spec) {
    return new FaultyConnection(board, real.open(spec));
  }
}

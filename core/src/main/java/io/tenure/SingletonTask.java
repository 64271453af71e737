package io.tenure;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * A task that runs in one process of many: in the one whose {@link LeaderLatch} leads.
 *
 * <p>Each turn of leadership runs the work in a thread of this task's own, with the turn's lease.
 * On loss the thread is interrupted at once; on an orderly end (this task, the latch or the client
 * is closed, or the latch resigns) it is interrupted and the lease is released only after the work
 * has returned or the latch's drain time is over. Two runs of one task never overlap: if the work
 * of a lost turn does not stop, the next turn waits for it, and says so in the log.
 *
 * <p>An interrupt is a request. Work that swallows it goes on while another process leads, and then
 * only the fencing token protects its data.
 */
public interface SingletonTask extends AutoCloseable {
  /** The user's work. */
  @FunctionalInterface
  interface Work {
    /**
     * Does the work of one turn: returns when it is done or the lease is no longer held.
     *
     * @param lease the turn's lease; its token goes with every guarded write
     * @throws InterruptedException if it was interrupted, which is the ordinary end of a turn
     * @throws Exception if it failed; see {@link OnFailure}
     */
    void run(Lease lease) throws Exception;
  }

  /** What happens when the work throws something else than the end of its turn. */
  enum OnFailure {
    /** It is run again in the same turn, after a growing, jittered pause. The default. */
    RETRY,
    /** The latch resigns, so that another process tries; this one is a standby again. */
    RESIGN,
    /** The latch is closed, and {@link SingletonTask#completion()} fails. */
    FAIL
  }

  /**
   * Runs the work whenever the latch leads, with {@link OnFailure#RETRY}.
   *
   * @param latch the candidacy, started or not; this starts it
   * @param work the work
   * @return the running task
   * @throws IllegalArgumentException if the latch is not this library's own
   */
  static SingletonTask start(LeaderLatch latch, Work work) {
    return start(latch, OnFailure.RETRY, work);
  }

  /**
   * Runs the work whenever the latch leads.
   *
   * @param latch the candidacy, started or not; this starts it
   * @param onFailure what happens when the work throws
   * @param work the work
   * @return the running task
   * @throws IllegalArgumentException if the latch is not this library's own
   */
  static SingletonTask start(LeaderLatch latch, OnFailure onFailure, Work work) {
    return LatchTask.start(latch, onFailure, work);
  }

  /**
   * Completes when the task is over: normally after {@link #close()}, or with the work's exception
   * under {@link OnFailure#FAIL}. Completed on the client's executor.
   *
   * @return the end
   */
  CompletionStage<Void> completion();

  /**
   * Interrupts the work and waits for it to return, for the latch's drain time at most. The latch
   * stays in the election; close it too. Idempotent, never throws; an interrupt of the caller ends
   * the waiting and stays in its flag.
   */
  @Override
  void close();

  /**
   * Waits for {@link #completion()}.
   *
   * @param timeout how long to wait
   * @return true if the task is over
   * @throws InterruptedException if the thread is interrupted
   */
  boolean awaitCompletion(Duration timeout) throws InterruptedException;
}

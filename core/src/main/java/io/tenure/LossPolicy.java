package io.tenure;

import static java.util.Objects.requireNonNull;

/**
 * What happens in this process when a lease is lost, besides the report that always goes out.
 *
 * <p>The policy acts at the moment the loss is noticed, before any listener runs, and does not
 * depend on the user's executor.
 */
public sealed interface LossPolicy {
  /**
   * Reports the loss and leaves it to the user: {@link Lease#lost()}, listeners, events. The
   * default.
   *
   * @return the policy
   */
  static LossPolicy report() {
    return Report.INSTANCE;
  }

  /**
   * Also interrupts the thread that acquired the lease by a blocking call, as long as it has not
   * closed the lease. The thread is never interrupted after {@link Lease#close()} has returned; an
   * interrupt that came before stays in the thread's flag. A lease that was acquired asynchronously
   * has no such thread and is only reported.
   *
   * @return the policy
   */
  static LossPolicy interruptScope() {
    return InterruptScope.INSTANCE;
  }

  /**
   * Also ends the process at once, without shutdown hooks, so that its orchestrator restarts it as
   * a standby: for work that cannot be interrupted. A loss by {@link LossReason#CLIENT_CLOSED},
   * which is this process's own doing, does not halt it. *
   *
   * @param exitCode the process's exit code, 1 to 255
   * @param message written to the log and to standard error
   * @return the policy
   * @throws IllegalArgumentException if the exit code is outside 1 to 255
   */
  static LossPolicy haltProcess(int exitCode, String message) {
    return new HaltProcess(exitCode, message);
  }

  /** Only report. */
  enum Report implements LossPolicy {
    /** The only instance. */
    INSTANCE
  }

  /** Report, and interrupt the acquiring thread. */
  enum InterruptScope implements LossPolicy {
    /** The only instance. */
    INSTANCE
  }

  /**
   * Halt the process.
   *
   * @param exitCode the process's exit code
   * @param message what to say before
   */
  record HaltProcess(int exitCode, String message) implements LossPolicy {
    /** Checks the exit code. */
    public HaltProcess {
      requireNonNull(message, "message");
      if (exitCode < 1 || exitCode > 255) {
        throw new IllegalArgumentException(
            "an exit code for a loss is 1 to 255, so that it is not taken for success, but this is "
                + exitCode);
      }
    }
  }
}

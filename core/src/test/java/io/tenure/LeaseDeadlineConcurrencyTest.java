package io.tenure;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class LeaseDeadlineConcurrencyTest {
  private static final long MARGIN = 1_000;
  private static final long VALIDITY = 20_000;
  private static final long DEADLINE = LeaseDeadline.usableNanos(VALIDITY, MARGIN);

  @Test
  void whoeverSawItPassNobodySeesItAheadAfterwards() {
    Interleavings.explore(Real.class, 3, 3, 3);
  }

  @Test
  void aDeadlineThatIsOnlyComparedIsSeenAheadAgain() {
    assertThatThrownBy(() -> Interleavings.explore(OnlyCompared.class, 3, 3, 3))
        .isInstanceOf(LincheckAssertionError.class)
        .hasMessageContaining("ahead again");
  }

  /** Proofs come in from a lane that read the clock before a pause, while others look later. */
  public abstract static class Scenario {
    private volatile boolean seenPassed;

    abstract long remaining(long nowNanos);

    abstract void prove(long sentAtNanos, long nowNanos);

    abstract void end();

    @Operation(nonParallelGroup = "lane", runOnce = true)
    public void proofBeforeThePause() {
      prove(DEADLINE - 9, DEADLINE - 8);
    }

    @Operation(nonParallelGroup = "lane", runOnce = true)
    public void proofAfterThePause() {
      prove(DEADLINE - 2, DEADLINE + 1);
    }

    @Operation(nonParallelGroup = "lane", runOnce = true)
    public void ended() {
      end();
      seenPassed = true;
    }

    @Operation
    public void look() {
      boolean passedBefore = seenPassed;
      if (remaining(DEADLINE) == 0) {
        seenPassed = true;
      } else if (passedBefore) {
        throw new AssertionError("seen to pass, and ahead again");
      }
    }

    @Validate
    public void whoWasLateSeesItToo() {
      look();
    }
  }

  public static final class Real extends Scenario {
    private final LeaseDeadline deadline = new LeaseDeadline(0, VALIDITY, MARGIN);

    @Override
    long remaining(long nowNanos) {
      return deadline.remainingNanos(nowNanos);
    }

    @Override
    void prove(long sentAtNanos, long nowNanos) {
      deadline.prove(sentAtNanos, VALIDITY, nowNanos);
    }

    @Override
    void end() {
      deadline.end();
    }
  }

  /** As it once was: who sees it pass leaves it at that. */
  public static final class OnlyCompared extends Scenario {
    private volatile long deadlineNanos = DEADLINE;
    private volatile boolean ended;

    @Override
    long remaining(long nowNanos) {
      return ended ? 0 : Math.max(0, deadlineNanos - nowNanos);
    }

    @Override
    void prove(long sentAtNanos, long nowNanos) {
      if (remaining(nowNanos) > 0) {
        deadlineNanos = sentAtNanos + DEADLINE;
      }
    }

    @Override
    void end() {
      ended = true;
    }
  }
}

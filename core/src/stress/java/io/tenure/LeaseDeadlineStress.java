package io.tenure;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Mode;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.Signal;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** What threads see that read a deadline while the lane moves and ends it. */
final class LeaseDeadlineStress {
  private static final long MARGIN = 1_000;
  private static final long VALIDITY = 20_000;
  private static final long DEADLINE = LeaseDeadline.usableNanos(VALIDITY, MARGIN);

  private LeaseDeadlineStress() {}

  private static LeaseDeadline deadline() {
    return new LeaseDeadline(0, VALIDITY, MARGIN);
  }

  private static int over(LeaseDeadline deadline) {
    return deadline.isOver(DEADLINE) ? 1 : 0;
  }

  @JCStressTest
  @Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "renewed in time, for everybody")
  @Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "seen to pass, and over for everybody")
  @Outcome(expect = FORBIDDEN, desc = "over for one, and ahead for another")
  @State
  public static class ProofThatArrivesAsItPasses {
    private final LeaseDeadline deadline = deadline();

    @Actor
    public void lane() {
      deadline.prove(DEADLINE - 2, VALIDITY, DEADLINE - 1);
    }

    @Actor
    public void reader(III_Result result) {
      result.r1 = over(deadline);
      result.r2 = over(deadline);
    }

    @Arbiter
    public void afterwards(III_Result result) {
      result.r3 = over(deadline);
    }
  }

  @JCStressTest
  @Outcome(id = "1, 0", expect = FORBIDDEN, desc = "saw the end, and not what was before it")
  @Outcome(expect = ACCEPTABLE, desc = "whoever sees the end sees what was before it")
  @State
  public static class WrittenBeforeTheEnd {
    private final LeaseDeadline deadline = deadline();
    private int written;

    @Actor
    public void lane() {
      written = 1;
      deadline.end();
    }

    @Actor
    public void reader(II_Result result) {
      result.r1 = deadline.isOver(0) ? 1 : 0;
      result.r2 = written;
    }
  }

  @JCStressTest
  @Outcome(id = "1, 0", expect = FORBIDDEN, desc = "saw the renewal, and not what was before it")
  @Outcome(expect = ACCEPTABLE, desc = "whoever sees a renewal sees what was before it")
  @State
  public static class WrittenBeforeTheRenewal {
    private final LeaseDeadline deadline = deadline();
    private int written;

    @Actor
    public void lane() {
      written = 1;
      deadline.prove(1, VALIDITY, 2);
    }

    @Actor
    public void reader(II_Result result) {
      result.r1 = deadline.remainingNanos(2) == DEADLINE - 2 ? 0 : 1;
      result.r2 = written;
    }
  }

  @JCStressTest(Mode.Termination)
  @Outcome(id = "TERMINATED", expect = ACCEPTABLE, desc = "the end was seen")
  @Outcome(id = "STALE", expect = FORBIDDEN, desc = "the end was never seen")
  @State
  public static class EndThatSomebodyWaitsFor {
    private final LeaseDeadline deadline = deadline();

    @Actor
    public void reader() {
      while (!deadline.isOver(0)) {
        // Until it is over.
      }
    }

    @Signal
    public void lane() {
      deadline.end();
    }
  }
}

package io.tenure;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** What every field relies upon that belongs to the lane. */
final class LaneStress {
  private LaneStress() {}

  @JCStressTest
  @Outcome(id = "2", expect = ACCEPTABLE, desc = "both ran, one after the other")
  @Outcome(expect = FORBIDDEN, desc = "a task was lost, or did not see what the one before wrote")
  @State
  public static class TasksOfTwoThreads {
    private final Lane lane = new Lane();
    private int ran;

    @Actor
    public void one() {
      lane.execute(() -> ran++);
    }

    @Actor
    public void other() {
      lane.execute(() -> ran++);
    }

    @Arbiter
    public void afterwards(I_Result result) {
      result.r1 = ran;
    }
  }
}

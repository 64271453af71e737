package io.tenure;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Mode;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.Signal;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;
import org.openjdk.jcstress.infra.results.Z_Result;

/** What threads see of a lease that was handed to them, and of its end. */
final class HeldLeaseStress {
  private HeldLeaseStress() {}

  /** Notes what its owner is told, in the lane. */
  private static final class Told implements HeldLease.Owner {
    private int ends;
    private int losses;

    @Override
    public void ended(HeldLease lease, Optional<LossReason> loss) {
      ends++;
      losses += loss.isPresent() ? 1 : 0;
    }

    @Override
    public void entryGone(HeldLease lease) {
      // Not asked for.
    }
  }

  @JCStressTest
  @Outcome(id = "false", expect = FORBIDDEN, desc = "a lease was seen before it was made up")
  @Outcome(id = "true", expect = ACCEPTABLE, desc = "none yet, or all of it")
  @State
  public static class HandedOverWithoutCare {
    private final Stage stage = new Stage();
    private @Nullable HeldLease lease;

    @Actor
    public void owner() {
      lease = stage.lease(new Told());
    }

    @Actor
    public void reader(Z_Result result) {
      HeldLease seen = lease;
      result.r1 =
          seen == null
              || (seen.token().value() == 1
                  && seen.name().length() == 1
                  && seen.isHeld()
                  && seen.remaining().toNanos() == Stage.USABLE_NANOS
                  && seen.lossReason().isEmpty());
    }
  }

  @JCStressTest
  @Outcome(id = "false, false", expect = FORBIDDEN, desc = "lost, and nobody knows why")
  @Outcome(expect = ACCEPTABLE, desc = "whoever sees it lost sees why")
  @State
  public static class LossWithItsReason {
    private final Stage stage = new Stage();
    private final HeldLease lease = stage.lease(new Told());

    @Actor
    public void lane() {
      stage.context.lane.execute(() -> lease.revoke(LossReason.REVOKED));
    }

    @Actor
    public void reader(ZZ_Result result) {
      result.r1 = lease.isHeld();
      result.r2 = lease.lossReason().isPresent();
    }
  }

  @JCStressTest
  @Outcome(id = "1, 0, 0", expect = ACCEPTABLE, desc = "released")
  @Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "lost")
  @Outcome(expect = FORBIDDEN, desc = "ended twice, or not told as it ended")
  @State
  public static class ReleaseAndLoss {
    private final Stage stage = new Stage();
    private final Told told = new Told();
    private final HeldLease lease = stage.lease(told);

    @Actor
    public void user() {
      lease.release();
    }

    @Actor
    public void lane() {
      stage.context.lane.execute(() -> lease.revoke(LossReason.REVOKED));
    }

    @Arbiter
    public void afterwards(III_Result result) {
      result.r1 = told.ends;
      result.r2 = told.losses;
      result.r3 = lease.lossReason().isPresent() ? 1 : 0;
    }
  }

  @JCStressTest(Mode.Termination)
  @Outcome(id = "TERMINATED", expect = ACCEPTABLE, desc = "the loss was seen")
  @Outcome(id = "STALE", expect = FORBIDDEN, desc = "the loss was never seen")
  @State
  public static class LossThatSomebodyWaitsFor {
    private final Stage stage = new Stage();
    private final HeldLease lease = stage.lease(new Told());

    @Actor
    public void reader() {
      while (lease.isHeld()) {
        // Until it is lost.
      }
    }

    @Signal
    public void lane() {
      stage.context.lane.execute(() -> lease.revoke(LossReason.REVOKED));
    }
  }
}

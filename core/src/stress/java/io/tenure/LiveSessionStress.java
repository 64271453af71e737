package io.tenure;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Mode;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.Signal;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;
import org.openjdk.jcstress.infra.results.Z_Result;

/** What a report of a client's health reads from any thread. */
final class LiveSessionStress {
  private static final long RENEWED_AT = 7;

  private LiveSessionStress() {}

  private static LiveSession session() {
    LeaseDeadline deadline = new LeaseDeadline(0, StagedStore.TTL.toNanos(), 0);
    return new LiveSession(new StagedStore().session(), deadline, 0, 0);
  }

  @JCStressTest
  @Outcome(id = "false, false", expect = FORBIDDEN, desc = "beyond doubt by a renewal not seen")
  @Outcome(expect = ACCEPTABLE, desc = "whoever sees no doubt sees the renewal that removed it")
  @State
  public static class RenewalAfterADoubt {
    private final LiveSession session = session();

    public RenewalAfterADoubt() {
      session.suspect();
    }

    @Actor
    public void lane() {
      session.proved(RENEWED_AT);
    }

    @Actor
    public void reader(ZZ_Result result) {
      result.r1 = session.isSuspect();
      result.r2 = session.provedAtNanos() == RENEWED_AT;
    }
  }

  @JCStressTest(Mode.Termination)
  @Outcome(id = "TERMINATED", expect = ACCEPTABLE, desc = "the doubt was seen")
  @Outcome(id = "STALE", expect = FORBIDDEN, desc = "the doubt was never seen")
  @State
  public static class DoubtThatSomebodyWaitsFor {
    private final LiveSession session = session();

    @Actor
    public void reader() {
      while (!session.isSuspect()) {
        // Until it is in doubt.
      }
    }

    @Signal
    public void lane() {
      session.suspect();
    }
  }

  @JCStressTest(Mode.Termination)
  @Outcome(id = "TERMINATED", expect = ACCEPTABLE, desc = "the session was seen")
  @Outcome(id = "STALE", expect = FORBIDDEN, desc = "the session was never seen")
  @State
  public static class SessionThatSomebodyWaitsFor {
    private final Stage stage = new Stage();

    public SessionThatSomebodyWaitsFor() {
      stage.store.opensAtOnce = false;
      new QueuedLock(stage.context, "a").acquireAsync();
    }

    @Actor
    public void reader() {
      while (stage.context.sessions.shown().isEmpty()) {
        // Until it is open.
      }
    }

    @Signal
    public void lane() {
      stage.store.open(0);
    }
  }

  @JCStressTest
  @Outcome(id = "false", expect = FORBIDDEN, desc = "a session was shown before it was made up")
  @Outcome(id = "true", expect = ACCEPTABLE, desc = "none yet, or all of it")
  @State
  public static class SessionShownAsItOpens {
    private final Stage stage = new Stage();

    public SessionShownAsItOpens() {
      stage.store.opensAtOnce = false;
      stage.nowNanos = RENEWED_AT;
      new QueuedLock(stage.context, "a").acquireAsync();
    }

    @Actor
    public void lane() {
      stage.store.open(0);
    }

    @Actor
    public void reader(Z_Result result) {
      LiveSession shown = stage.context.sessions.shown().orElse(null);
      result.r1 =
          shown == null
              || (shown.provedAtNanos() == RENEWED_AT
                  && shown.deadline().remainingNanos(RENEWED_AT) == Stage.USABLE_NANOS);
    }
  }
}

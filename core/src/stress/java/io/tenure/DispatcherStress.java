package io.tenure;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** What a listener relies upon whose calls come on different threads. */
final class DispatcherStress {
  private DispatcherStress() {}

  @JCStressTest
  @Outcome(id = "3", expect = ACCEPTABLE, desc = "each call saw what the one before wrote")
  @Outcome(expect = FORBIDDEN, desc = "a call was lost, or did not see what the one before wrote")
  @State
  public static class CallsToOneListener {
    private static final ManualTime TIME = new ManualTime();
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Dispatcher.Serial listener =
        new Dispatcher("stress", Optional.of(tasks::add), TIME).serial(this, "listener");
    private int made;

    public CallsToOneListener() {
      listener.execute(() -> made++);
    }

    @Actor
    public void one() {
      giveAndWork();
    }

    @Actor
    public void other() {
      giveAndWork();
    }

    private void giveAndWork() {
      listener.execute(() -> made++);
      work();
    }

    @Arbiter
    public void afterwards(I_Result result) {
      work();
      result.r1 = made;
    }

    private void work() {
      for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
        task.run();
      }
    }
  }
}

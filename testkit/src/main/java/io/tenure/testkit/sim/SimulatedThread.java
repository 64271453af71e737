package io.tenure.testkit.sim;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A thread of a simulated process, for code that blocks. It runs only while the simulation waits
 * for it, so that still one thing happens at a time: both hand one baton to and fro.
 */
class SimulatedThread extends Thread {
  /** Ends a thread whose process has crashed, or whose simulation is over. */
  private static final class Ended extends Error {
    private static final long serialVersionUID = 1L;

    Ended() {
      super("the simulated process has ended", null, false, false);
    }
  }

  /** Code that is not the user's: the JDK, the core, the simulation. */
  private static final Pattern OTHERS =
      Pattern.compile(
          "(java|jdk)\\..*|io\\.tenure\\.([A-Z]|testkit\\.sim\\.(Sim|Repl|Work|Proc)).*");

  private final Replica replica;
  private final Agenda agenda;
  private final Semaphore turn = new Semaphore(0);
  private final Semaphore back = new Semaphore(0);
  private boolean begun;
  private boolean waking;
  private boolean ending;
  private volatile boolean over;

  SimulatedThread(Replica replica, Agenda agenda, Runnable work) {
    super(work, "simulated-" + replica.name());
    this.replica = replica;
    this.agenda = agenda;
    setDaemon(true);
    setUncaughtExceptionHandler((thread, error) -> failed(error));
  }

  private void failed(Throwable error) {
    if (!(error instanceof Ended)) {
      replica.threadFailed(error);
    }
  }

  /** The simulated thread that this code runs in, if it is one. */
  static @Nullable SimulatedThread current() {
    return Thread.currentThread() instanceof SimulatedThread simulated ? simulated : null;
  }

  /* Not synchronized like the JVM's: one thing happens at a time anyway. */
  @Override
  @SuppressWarnings("UnsynchronizedOverridesSynchronized")
  public void start() {
    replica.threads().add(this);
    agenda.after(
        0,
        replica,
        () -> {
          begun = true;
          super.start();
          back.acquireUninterruptibly();
        });
  }

  @Override
  public void run() {
    try {
      super.run();
    } catch (Throwable e) {
      failed(e);
    } finally {
      over = true;
      replica.threads().remove(this);
      returned();
      back.release();
    }
  }

  /** Its code is over; called in its last step. */
  void returned() {}

  @Override
  public void interrupt() {
    super.interrupt();
    if (Thread.currentThread() != this) {
      wake(0);
    }
  }

  /** Waits until the future is done, in simulated time. */
  void await(CompletableFuture<?> future) throws InterruptedException {
    future.whenComplete((value, error) -> wake(0));
    while (!future.isDone()) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      giveBack();
    }
  }

  /** Stands still for as long as its whole process does. */
  void pause(long untilNanos) {
    agenda.after(untilNanos - agenda.nowNanos(), replica, this::go);
    giveBack();
  }

  boolean isOver() {
    return over;
  }

  /** Where in the user's code it is, as far as that can be told. */
  String place() {
    return Stream.of(getStackTrace())
        .filter(frame -> !OTHERS.matcher(frame.getClassName()).matches())
        .findFirst()
        .map(frame -> " at " + frame.getFileName() + ":" + frame.getLineNumber())
        .orElse("");
  }

  private void wake(long delayNanos) {
    if (!waking && begun && !over) {
      waking = true;
      agenda.after(
          delayNanos,
          replica,
          () -> {
            waking = false;
            go();
          });
    }
  }

  private void go() {
    if (!over) {
      turn.release();
      back.acquireUninterruptibly();
    }
  }

  private void giveBack() {
    back.release();
    turn.acquireUninterruptibly();
    if (ending) {
      throw new Ended();
    }
  }

  /** Ends the thread wherever it waits; to be called by the simulation when nothing else runs. */
  void end() {
    ending = true;
    for (int i = 0; begun && !over && i < 100; i++) {
      go();
    }
  }
}

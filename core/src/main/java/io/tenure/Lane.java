package io.tenure;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the state changes of one client one at a time, in the thread of whoever comes first.
 *
 * <p>All mutable state of sessions, queue places, latches and removals belongs to their client's
 * lane, which is what makes them readable as plain sequential code. There is no thread and no lock
 * here: a task given while another one runs is left to the thread that is running it. So a task
 * must be short, must not block, and must not call users.
 */
final class Lane implements Executor {
  private static final Logger log = LoggerFactory.getLogger(Lane.class);

  private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicReference<@Nullable Thread> runner = new AtomicReference<>();

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    // The queue is looked at again after the runner has stepped down: a task that was added between
    // its last look and that moment would otherwise wait for the next one.
    while (!tasks.isEmpty() && runner.compareAndSet(null, Thread.currentThread())) {
      try {
        drain();
      } finally {
        runner.set(null);
      }
    }
  }

  private void drain() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      try {
        task.run();
      } catch (RuntimeException | Error e) {
        log.error("an internal task failed; this is a defect of the library", e);
      }
    }
  }
}

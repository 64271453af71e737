package io.tenure;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/** Lets a few threads loose at the same moment, on something new in every round. */
final class Race {
  private static final long SEED = 20261121;

  /** What runs side by side, and what must be true afterwards. */
  record Round(List<Runnable> parts, Runnable check) {}

  private Race() {}

  static void run(int rounds, IntFunction<Round> begin) throws Exception {
    Random random = new Random(SEED);
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      for (int i = 0; i < rounds; i++) {
        Round round = begin.apply(i);
        together(threads, round.parts(), random);
        try {
          round.check().run();
        } catch (AssertionError e) {
          throw new AssertionError("round " + i + ": " + e.getMessage(), e);
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static void together(ExecutorService threads, List<Runnable> parts, Random random)
      throws InterruptedException, ExecutionException, TimeoutException {
    AtomicInteger missing = new AtomicInteger(parts.size());
    List<Future<?>> running = new ArrayList<>();
    for (Runnable part : parts) {
      int headStart = random.nextInt(300);
      running.add(
          threads.submit(
              () -> {
                missing.decrementAndGet();
                while (missing.get() > 0) {
                  Thread.yield();
                }
                for (int i = 0; i < headStart; i++) {
                  Thread.onSpinWait();
                }
                part.run();
              }));
    }
    for (Future<?> part : running) {
      part.get(30, TimeUnit.SECONDS);
    }
  }
}

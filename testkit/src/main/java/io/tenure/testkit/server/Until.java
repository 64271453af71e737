package io.tenure.testkit.server;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Waiting for a server, which can only be asked again and again. */
final class Until {
  /** Longer than a server takes on a machine that does five other things. */
  static final Duration BOUND = Duration.ofSeconds(60);

  private static final long STEP_MILLIS = 15;

  private Until() {}

  /** What is waited for; that it cannot be asked means not yet. */
  interface Condition {
    boolean holds() throws IOException;
  }

  /**
   * Waits until the condition holds.
   *
   * @throws IllegalStateException with the sentence, if it did not within the bound, or the thread
   *     was interrupted
   */
  static void holds(Duration bound, Supplier<String> otherwise, Condition condition) {
    long start = System.nanoTime();
    IOException last = null;
    while (true) {
      boolean late = System.nanoTime() - start >= bound.toNanos();
      try {
        if (condition.holds()) {
          return;
        }
      } catch (IOException e) {
        last = e;
      }
      if (late) {
        throw new IllegalStateException(
            "after %d s: %s".formatted(bound.toSeconds(), otherwise.get()), last);
      }
      pause(otherwise, last);
    }
  }

  private static void pause(Supplier<String> otherwise, @Nullable IOException last) {
    try {
      TimeUnit.MILLISECONDS.sleep(STEP_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      IllegalStateException failure =
          new IllegalStateException("interrupted while waiting: " + otherwise.get(), e);
      if (last != null) {
        failure.addSuppressed(last);
      }
      throw failure;
    }
  }
}

package io.tenure.examples;

import io.tenure.CoordinationClient;
import io.tenure.Lease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Finds out when a store grants names again, by asking for free ones again and again. */
final class AcquireProbe {
  private static final long PAUSE_MILLIS = 100;

  private AcquireProbe() {}

  /**
   * When names were acquired, counted from the same moment.
   *
   * @param toAny the first that was granted of all that were asked for
   * @param toFirst the one that was asked for at once, and may have been asked for in vain
   */
  record Answer(Duration toAny, Duration toFirst) {}

  /**
   * Asks for a free name at once and for another one every 100 ms, until one is granted; then waits
   * for the others.
   *
   * @throws DrillFailure if that takes longer than the patience, or the store refuses
   */
  static Answer since(long startNanos, CoordinationClient client, Duration patience)
      throws InterruptedException {
    long deadline = startNanos + patience.toNanos();
    List<CompletableFuture<Duration>> asked = new ArrayList<>();
    CompletableFuture<Object> any = new CompletableFuture<>();
    while (!any.isDone() && System.nanoTime() < deadline) {
      asked.add(
          client
              .lock("after/" + asked.size())
              .acquireAsync()
              .thenApply((Lease lease) -> Duration.ofNanos(System.nanoTime() - startNanos)));
      any = CompletableFuture.anyOf(asked.toArray(CompletableFuture<?>[]::new));
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
    try {
      Duration toAny = (Duration) any.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      // All of them, so that nothing is under way any more when the client is closed.
      CompletableFuture.allOf(asked.toArray(CompletableFuture<?>[]::new))
          .get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      return new Answer(toAny, asked.get(0).join());
    } catch (TimeoutException | ExecutionException e) {
      throw new DrillFailure("a free name could not be acquired within " + patience, e);
    }
  }
}

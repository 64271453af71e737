package io.tenure.examples;

import io.tenure.CoordinationClient;
import io.tenure.FencingToken;
import io.tenure.SingletonTask;
import java.util.concurrent.CountDownLatch;

/** A task that runs in one replica of many: in the one that leads. */
public final class SingletonTaskExample {
  private static final CountDownLatch SHUTDOWN = new CountDownLatch(3);

  private SingletonTaskExample() {}

  /** Rebuilds the reports three times. */
  @SuppressWarnings("try") // the task runs by itself
  public static void main(String... args) throws InterruptedException {
    try (var client = CoordinationClient.create(Stores.fromArguments(args));
        var latch = client.leaderLatch("reports").start();
        var task =
            SingletonTask.start(
                latch,
                lease -> {
                  while (lease.isHeld()) {
                    rebuild(lease.token());
                    Thread.sleep(1_000); // interrupted when the lease is lost
                  }
                })) {
      awaitShutdown();
    }
  }

  private static void rebuild(FencingToken token) {
    System.out.println("rebuilding the reports, with token " + token.value());
    SHUTDOWN.countDown();
  }

  private static void awaitShutdown() throws InterruptedException {
    SHUTDOWN.await();
    System.out.println("shutting down: the task is over before the next replica leads");
  }
}

package io.tenure.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.CoordinationClient;
import io.tenure.Lease;
import io.tenure.LossPolicy;
import io.tenure.inmemory.InMemoryBackend;
import io.tenure.inmemory.InMemoryStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HaltPolicyTest {
  private static final int EXIT_CODE = 42;
  private static final String MESSAGE = "another replica writes now, so this one ends";

  @TempDir private Path temporary;

  @Test
  void aLossEndsTheProcessWithItsExitCodeAndMessageAndWithoutShutdownHooks()
      throws IOException, InterruptedException {
    try (ChildJvm holder = ChildJvm.start(temporary, Holder.class)) {
      assertThat(holder.exitCode()).as(holder.output()).isEqualTo(EXIT_CODE);
      assertThat(holder.output())
          .contains("holding")
          .contains(MESSAGE)
          .doesNotContain("orderly end");
    }
  }

  /** Holds a lock whose session ends, and would go on for ever. */
  static final class Holder {
    private Holder() {}

    public static void main(String... args) throws InterruptedException {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("orderly end")));
      InMemoryStore store = InMemoryStore.create();
      try (CoordinationClient client =
              CoordinationClient.builder(InMemoryBackend.on(store))
                  .leaseTtl(Duration.ofSeconds(2))
                  .lossPolicy(LossPolicy.haltProcess(EXIT_CODE, MESSAGE))
                  .build();
          Lease lease = client.lock("ledger").acquire()) {
        System.out.println("holding " + lease.name());
        store.expireSession(store.sessions().get(0));
        new CountDownLatch(1).await();
      }
    }
  }
}

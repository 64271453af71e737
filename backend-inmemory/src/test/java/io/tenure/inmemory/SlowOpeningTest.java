package io.tenure.inmemory;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.CoordinationClient;
import io.tenure.Lease;
import io.tenure.testkit.Eventually;
import io.tenure.testkit.FaultyBackend;
import io.tenure.testkit.HeldAnswer;
import io.tenure.testkit.StoreCall;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A store may need several requests to open a session and prove it; that is not one time-out. */
class SlowOpeningTest {
  @Test
  void anOpeningThatTakesLongerThanOneRequestIsNotGivenUpAndBegunAgain() {
    FaultyBackend slow = FaultyBackend.around(InMemoryBackend.create());
    try (CoordinationClient client =
        CoordinationClient.builder(slow)
            .leaseTtl(Duration.ofSeconds(30))
            .requestTimeout(Duration.ofMillis(20))
            .build()) {
      HeldAnswer opening = slow.next(StoreCall.OPEN_SESSION).holdAnswer();
      CompletableFuture<Lease> lease = client.lock("x").acquireAsync();
      opening.awaitAnswer();

      Eventually.throughout(
          Duration.ofMillis(200),
          () -> assertThat(slow.calls(StoreCall.OPEN_SESSION)).as("openings").isOne());
      opening.deliver();

      assertThat(Eventually.answer(lease).isHeld()).isTrue();
    }
  }
}

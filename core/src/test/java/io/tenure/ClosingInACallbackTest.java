package io.tenure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A callback that closes its own client, where the user's thread factory has no thread to give. */
class ClosingInACallbackTest {
  private final Stage stage = new Stage();
  private final StandardClient client = new StandardClient(stage.context);

  @Test
  @Timeout(60)
  void aFactoryThatThrowsDoesNotKeepTheClientOpen() throws InterruptedException {
    assertClosedInACallback(
        task -> {
          throw new IllegalStateException("no more threads");
        });
  }

  @Test
  @Timeout(60)
  void aFactoryThatGivesNothingDoesNotKeepTheClientOpen() throws InterruptedException {
    assertClosedInACallback(task -> null);
  }

  private void assertClosedInACallback(ThreadFactory threads) throws InterruptedException {
    stage.threads = threads;
    new QueuedLock(stage.context, "a").acquireAsync().thenAccept(lease -> client.close());
    stage.callUsers();
    stage.store.closed.await();
    assertThat(client.health().status()).isEqualTo(Health.Status.CLOSED);
    assertThat(stage.store.standing()).isZero();
  }
}

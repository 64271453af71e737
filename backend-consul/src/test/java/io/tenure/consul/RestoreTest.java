package io.tenure.consul;

import static io.tenure.testkit.Eventually.answer;
import static io.tenure.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.spi.Enqueued;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.StoreException.Outcome;
import io.tenure.spi.StoreSession;
import io.tenure.spi.Wait;
import io.tenure.testkit.server.Servers;
import io.tenure.testkit.server.StoreServer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A snapshot that is restored while clients are at work. */
class RestoreTest extends ConsulTest {
  private final StoreServer server =
      closeLater(Servers.consul().configuration(Operator.SETTINGS).start());
  private final Operator operator = Operator.of(server);
  private final StoreConnection backend =
      started(
          ConsulBackend.builder(server.url())
              .sessionTtlMin(SHORT_TTL)
              .longestWait(Duration.ofSeconds(1)),
          TTL);
  private final StoreSession session = answer(backend.openSession());

  /** The session is in the snapshot, so the servers go on to renew it. */
  @Test
  void whatWasRemovedAndComesBackGoesWithItsSession() {
    Enqueued removed = enqueue(session, "a");
    byte[] snapshot = operator.snapshot();
    assertThat(answer(session.remove(removed.self()))).isTrue();
    enqueue(session, "b");
    operator.restore(snapshot);

    assertThat(ids(entries(backend))).containsExactly(removed.self().id());
    eventually(() -> assertThat(outcome(session.heartbeat())).isEqualTo(Outcome.STORE_REGRESSED));
    answer(session.close());
    assertThat(entries(backend)).isEmpty();
    StoreSession next = answer(backend.openSession());
    assertThat(answer(next.heartbeat())).isEqualTo(TTL);
  }

  @Test
  void aWaitForAnEntryThatTheSnapshotDoesNotHaveEnds() {
    byte[] snapshot = operator.snapshot();
    Enqueued own = enqueue(session, "a");
    Wait wait = session.awaitDeparture(own.self(), own.version());
    eventually(() -> assertThat(operator.heldBack()).isOne());
    operator.restore(snapshot);

    answer(wait.departed());
  }
}

package io.tenure.consul;

import static io.tenure.testkit.Eventually.answer;
import static io.tenure.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.CoordinationClient;
import io.tenure.Expected;
import io.tenure.Lease;
import io.tenure.LossReason;
import io.tenure.spi.Enqueued;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.StoreException.Outcome;
import io.tenure.spi.StoreSession;
import io.tenure.spi.Wait;
import io.tenure.testkit.server.Servers;
import io.tenure.testkit.server.StoreServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** An agent that is restarted, or stands still. */
class OutageTest extends ConsulTest {
  private final StoreServer server =
      closeLater(Servers.consul().configuration(Operator.SETTINGS).start());

  private StoreConnection backend(Duration requestTimeout) {
    StoreConnection backend =
        closeLater(ConsulBackend.connect(server.url()).open(spec(TTL, requestTimeout)));
    return backend;
  }

  @Test
  void sessionAndEntriesOutliveARestartOnTheSameDataAndIndexesGrowOn() {
    StoreSession session = answer(backend(Duration.ofSeconds(5)).openSession());
    Enqueued first = enqueue(session, "a");
    server.restart();

    assertThat(answered(session::heartbeat)).isEqualTo(TTL);
    Enqueued second = answered(() -> session.enqueue(queue, entry("b")));
    assertThat(ids(second.ahead())).containsExactly(first.self().id());
    assertThat(second.self().order()).isGreaterThan(first.self().order());
    Wait wait = session.awaitDeparture(first.self(), first.version());
    assertThat(answered(() -> session.remove(first.self()))).isTrue();
    answer(wait.departed());
    answered(session::close);
  }

  @Test
  void renewalsOfAFrozenAgentFailInTimeAndGoOnWhenItDoesHoweverMuchElseHangs() {
    Duration timeout = Duration.ofSeconds(2);
    StoreConnection backend = backend(timeout);
    StoreSession session = answer(backend.openSession());
    Enqueued entry = enqueue(session, "a");
    List<Wait> waits =
        IntStream.range(0, Followers.ALONE + 20)
            .mapToObj(i -> session.awaitDeparture(entry.self(), entry.version()))
            .toList();
    server.pause();
    List<CompletableFuture<?>> writes =
        IntStream.range(0, 50)
            .<CompletableFuture<?>>mapToObj(
                i ->
                    backend
                        .write(List.of(put(namespace + "/k" + i, Expected.absent(), "v")))
                        .toCompletableFuture())
            .toList();

    for (int i = 0; i < 2; i++) {
      long start = System.nanoTime();
      assertThat(outcome(session.heartbeat())).isEqualTo(Outcome.NOT_DONE);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(timeout.multipliedBy(3));
    }
    assertThat(writes).allSatisfy(write -> eventually(() -> assertThat(write).isDone()));
    server.resume();
    assertThat(answered(session::heartbeat)).isEqualTo(TTL);
    assertThat(waits).noneMatch(OutageTest::hasSeenADeparture);
    answered(session::close);
  }

  /** One that was just beginning may have failed, which is as good: its core reads again. */
  private static boolean hasSeenADeparture(Wait wait) {
    CompletableFuture<?> departed = wait.departed().toCompletableFuture();
    return departed.isDone() && !departed.isCompletedExceptionally();
  }

  @Test
  void aHolderStopsBelievingWhileTheAgentIsFrozenAndItsSuccessorHasANewerToken() throws Exception {
    ConsulBackend backend = ConsulBackend.builder(server.url()).sessionTtlMin(SHORT_TTL).build();
    try (CoordinationClient client =
        CoordinationClient.builder(backend)
            .namespace(namespace)
            .leaseTtl(Duration.ofSeconds(3))
            .build()) {
      Lease lease = client.lock("x").acquire();
      server.pause();
      assertThat(answer(lease.lost())).isEqualTo(LossReason.EXPIRED);
      assertThat(lease.isHeld()).isFalse();
      // The store has not given it away: it has not moved since.
      server.resume();
      Lease next = client.lock("x").acquire();
      assertThat(next.token().isNewerThan(lease.token())).isTrue();
      assertThat(lease.isHeld()).isFalse();
    }
  }
}

package io.tenure.consul;

import static io.tenure.testkit.Eventually.answer;
import static io.tenure.testkit.Eventually.eventually;
import static io.tenure.testkit.Eventually.throughout;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.CoordinationClient;
import io.tenure.CoordinationEvent;
import io.tenure.Lease;
import io.tenure.consul.FakeAgent.Answer;
import io.tenure.spi.Entry;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.StoreException.Outcome;
import io.tenure.spi.StoreSession;
import io.tenure.testkit.Eventually;
import io.tenure.testkit.Recorder;
import io.tenure.testkit.server.Servers;
import io.tenure.testkit.server.StoreServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An agent that has fewer connections to give than one client's waits would take. */
@Timeout(180)
class CrowdedAgentTest extends ConsulTest {
  private static final int CONNECTIONS = 24;
  private static final int LOCKS = 50;

  private final Recorder<CoordinationEvent> events = new Recorder<>();

  private CoordinationClient client(StoreServer server, String candidate) {
    ConsulBackend backend =
        ConsulBackend.builder(server.url()).longestWait(Duration.ofSeconds(2)).build();
    return closeLater(
        CoordinationClient.builder(backend)
            .namespace(namespace)
            .candidate(candidate)
            .onEvent(events)
            .build());
  }

  private static List<CompletableFuture<Lease>> acquireAll(CoordinationClient client) {
    return IntStream.range(0, LOCKS).mapToObj(i -> client.lock("x" + i).acquireAsync()).toList();
  }

  @Test
  void waitsGiveWayToRequestsAndRenewalsAndAllAreGrantedInTheEnd() {
    assertThat(CONNECTIONS).isLessThan(Followers.ALONE);
    StoreServer server =
        closeLater(
            Servers.consul()
                .configuration(
                    "{\"limits\": {\"http_max_conns_per_client\": %d}}".formatted(CONNECTIONS))
                .start());
    Operator operator = Operator.of(server);
    CoordinationClient holder = client(server, "holder");
    CoordinationClient waiter = client(server, "waiter");
    List<Lease> held = acquireAll(holder).stream().map(Eventually::answer).toList();
    List<CompletableFuture<Lease>> waiting = acquireAll(waiter);
    eventually(
        Duration.ofSeconds(60),
        () -> assertThat(operator.keys("tenure/" + namespace)).hasSize(2 * LOCKS));
    assertThat(waiting).noneMatch(CompletableFuture::isDone);

    held.forEach(Lease::releaseAsync);
    for (int i = 0; i < LOCKS; i++) {
      CompletableFuture<Lease> next = waiting.get(i);
      eventually(Duration.ofSeconds(60), () -> assertThat(next).isCompleted());
      assertThat(answer(next).token().isNewerThan(held.get(i).token())).isTrue();
    }
    assertThat(events.all())
        .noneMatch(
            event ->
                event instanceof CoordinationEvent.SessionLost
                    || event instanceof CoordinationEvent.Lost);
  }

  @Test
  void halfOfTheWaitsGiveTheirConnectionsBackWhenTheAgentHasNoneLeft() throws Exception {
    String id = "0123456789abcdef0123456789abcdef";
    String key = "tenure/q/w." + id;
    Entry entry = new Entry(queue, id, "w", 7, OptionalLong.of(7), key, Optional.empty());
    Answer unchanged =
        Answer.found(
            7,
            "[{\"Key\": \"%s\", \"Session\": \"s\", \"CreateIndex\": 7, \"ModifyIndex\": 7}]"
                .formatted(key));
    List<CompletableFuture<Answer>> alone = new CopyOnWriteArrayList<>();
    List<CompletableFuture<Answer>> shared = new CopyOnWriteArrayList<>();
    FakeAgent agent =
        closeLater(
            FakeAgent.start(
                asked -> {
                  if (asked.opensSession()) {
                    return Answer.created().now();
                  }
                  if (asked.uri().startsWith(Keys.url("tenure/full"))) {
                    return new Answer(429, "too many connections", Map.of()).now();
                  }
                  if (!asked.uri().contains("index=")) {
                    return unchanged.now();
                  }
                  CompletableFuture<Answer> answer = new CompletableFuture<>();
                  (asked.uri().startsWith(Keys.url(key)) ? alone : shared).add(answer);
                  return answer;
                }));
    StoreConnection backend = started(ConsulBackend.builder(agent.url()), Duration.ofSeconds(60));
    StoreSession session = answer(backend.openSession());
    for (int i = 0; i < Followers.ALONE; i++) {
      session.awaitDeparture(entry, 7);
    }
    eventually(() -> assertThat(alone).hasSize(Followers.ALONE));
    assertThat(outcome(backend.get("full"))).isEqualTo(Outcome.NOT_DONE);
    List.copyOf(alone).forEach(answer -> answer.complete(unchanged));

    int stay = Followers.ALONE / 2;
    eventually(() -> assertThat(alone).hasSize(Followers.ALONE + stay));
    eventually(() -> assertThat(shared).hasSize(1));
    throughout(Duration.ofMillis(300), () -> assertThat(alone).hasSize(Followers.ALONE + stay));
  }
}

package io.tenure.consul;

import static io.tenure.testkit.Eventually.answer;
import static io.tenure.testkit.Eventually.eventually;
import static io.tenure.testkit.Eventually.failure;
import static io.tenure.testkit.Eventually.throughout;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.Expected;
import io.tenure.consul.FakeAgent.Answer;
import io.tenure.spi.Detail;
import io.tenure.spi.Entry;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import io.tenure.spi.StoreSession;
import io.tenure.spi.Wait;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a real agent would not do on demand. */
class FakeAgentTest extends ConsulTest {
  private static final Duration SOON = Duration.ofSeconds(2);

  private FakeAgent fake(FakeAgent.Behaviour behaviour) throws IOException {
    return closeLater(FakeAgent.start(behaviour));
  }

  private StoreConnection backend(String url) {
    return backend(ConsulBackend.builder(url));
  }

  private StoreConnection backend(ConsulBackend.Builder builder) {
    StoreConnection backend = closeLater(builder.build().open(spec(TTL)));
    return backend;
  }

  private StoreConnection impatient(String url) {
    StoreConnection backend = closeLater(ConsulBackend.connect(url).open(spec(TTL, SOON)));
    return backend;
  }

  private Entry someEntry() {
    String id = "0123456789abcdef0123456789abcdef";
    return new Entry(queue, id, "w", 7, OptionalLong.of(7), "tenure/q/w." + id, Optional.empty());
  }

  private CompletionStage<?> writeSomething(StoreConnection backend) {
    return backend.write(List.of(put("k", Expected.absent(), "v")));
  }

  @Test
  void aRedirectIsRefusedAndNotFollowed() throws Exception {
    FakeAgent elsewhere = closeLater(FakeAgent.answering(Answer.found(1, "[]")));
    FakeAgent agent =
        closeLater(
            FakeAgent.answering(
                new Answer(301, "moved", Map.of("Location", elsewhere.url() + "/"))));
    StoreConnection backend = backend(agent.url());

    assertThat(outcome(backend.get("k"))).isEqualTo(Outcome.REFUSED);
    assertThat(outcome(backend.read(queue, Detail.NAMES))).isEqualTo(Outcome.REFUSED);
    assertThat(outcome(writeSomething(backend))).isEqualTo(Outcome.REFUSED);
    assertThat(outcome(backend.openSession())).isEqualTo(Outcome.REFUSED);
    CompletableFuture<Throwable> end = new CompletableFuture<>();
    backend.watch(queue, Detail.NAMES, view -> {}, end::complete);
    assertThat(((StoreException) answer(end)).outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(elsewhere.asked()).isEmpty();
  }

  @Test
  void whatIsNotConsulIsNotTakenForAnEmptyStore() throws Exception {
    StoreConnection backend =
        backend(closeLater(FakeAgent.answering(new Answer(404, "Not here", Map.of()))).url());
    assertThat(outcome(backend.get("k"))).isEqualTo(Outcome.REFUSED);
    assertThat(outcome(backend.read(queue, Detail.NAMES))).isEqualTo(Outcome.REFUSED);
    StoreConnection other =
        backend(closeLater(FakeAgent.answering(Answer.ok("<html>Welcome</html>"))).url());
    assertThat(outcome(other.openSession())).isEqualTo(Outcome.UNKNOWN);
  }

  @Test
  void aSilentAgentLeavesAWriteUnknownAndAReadNotDone() throws Exception {
    StoreConnection backend = impatient(closeLater(FakeAgent.silent()).url());
    CompletionStage<?> write = writeSomething(backend);
    CompletionStage<?> read = backend.get("k");
    assertThat(outcome(write)).isEqualTo(Outcome.UNKNOWN);
    assertThat(outcome(read)).isEqualTo(Outcome.NOT_DONE);
  }

  @Test
  void whatWasNeverSentIsNotDone() throws Exception {
    FakeAgent agent = closeLater(FakeAgent.silent());
    StoreConnection backend = impatient(agent.url());
    // These are waited for much longer.
    for (int i = 0; i < 16; i++) {
      backend.openSession();
    }
    agent.awaitAsked(16);

    assertThat(outcome(writeSomething(backend))).isEqualTo(Outcome.NOT_DONE);
    assertThat(failure(writeSomething(backend))).hasMessageContaining("not sent");
    assertThat(agent.asked()).hasSize(16);
  }

  @Test
  void renewalsDoNotWaitForAnythingElse() throws Exception {
    FakeAgent agent =
        fake(
            asked ->
                asked.opensSession()
                    ? Answer.created().now()
                    : asked.renewsSession() ? Answer.renewed().now() : new CompletableFuture<>());
    // Nothing is given up before this test is.
    StoreConnection backend =
        closeLater(ConsulBackend.connect(agent.url()).open(spec(TTL, Duration.ofMinutes(1))));
    StoreSession session = answer(backend.openSession());
    for (int i = 0; i < 50; i++) {
      writeSomething(backend);
      session.awaitDeparture(someEntry(), 7);
    }
    agent.awaitAsked(1 + 1 + 16 + Followers.ALONE + 1);

    assertThat(answer(session.heartbeat())).isEqualTo(TTL);
  }

  @Test
  void nothingIsSentTwiceThoughTheConnectionEndsWithoutAnAnswer() throws Exception {
    AtomicInteger connections = new AtomicInteger();
    ServerSocket listener = closeLater(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    Thread rude =
        new Thread(
            () -> {
              while (!listener.isClosed()) {
                try (Socket socket = listener.accept()) {
                  connections.incrementAndGet();
                  assertThat(socket.getInputStream().read(new byte[4096])).isPositive();
                } catch (IOException e) {
                  return;
                }
              }
            });
    rude.setDaemon(true);
    rude.start();
    StoreConnection backend = backend("http://127.0.0.1:" + listener.getLocalPort());

    assertThat(outcome(writeSomething(backend))).isEqualTo(Outcome.UNKNOWN);
    assertThat(connections).hasValue(1);
    assertThat(outcome(backend.get("k"))).isEqualTo(Outcome.NOT_DONE);
    assertThat(connections).hasValue(2);
  }

  @Test
  void nobodyAtTheAddressMeansNotDone() throws Exception {
    int port;
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = listener.getLocalPort();
    }
    StoreConnection backend = backend("http://127.0.0.1:" + port);
    assertThat(outcome(writeSomething(backend))).isEqualTo(Outcome.NOT_DONE);
    assertThat(outcome(backend.openSession())).isEqualTo(Outcome.NOT_DONE);
    assertThat(outcome(backend.get("k"))).isEqualTo(Outcome.NOT_DONE);
  }

  @Test
  void anIndexThatGoesBackBeginsAnew() throws Exception {
    AtomicInteger queries = new AtomicInteger();
    CompletableFuture<Answer> last = new CompletableFuture<>();
    String pair = "[{\"Key\": \"k\", \"Session\": \"s\", \"CreateIndex\": 7, \"ModifyIndex\": 7}]";
    FakeAgent agent =
        fake(
            asked -> {
              if (asked.opensSession()) {
                return Answer.created().now();
              }
              if (!asked.uri().contains("index=")) {
                return Answer.missing(1).now();
              }
              return switch (queries.incrementAndGet()) {
                case 1 -> Answer.found(100, pair).now();
                case 2 -> Answer.found(50, pair).now();
                case 3 -> Answer.found(50, pair).now();
                case 4 -> Answer.found(0, pair).now();
                case 5 -> Answer.found(60, pair).now();
                default -> last;
              };
            });
    StoreSession session = answer(backend(agent.url()).openSession());
    Wait wait = session.awaitDeparture(someEntry(), 70);
    eventually(() -> assertThat(queries).hasValue(6));

    assertThat(agent.asked())
        .filteredOn(asked -> asked.uri().contains("index="))
        .extracting(asked -> asked.uri().replaceAll(".*[?&]index=(\\d+).*", "$1"))
        .containsExactly("70", "100", "0", "50", "0", "60");
    last.complete(Answer.missing(61));
    answer(wait.departed());
  }

  @Test
  void everyReadIsConsistentAndEveryWaitIsBounded() throws Exception {
    FakeAgent agent =
        fake(asked -> asked.opensSession() ? Answer.created().now() : Answer.missing(5).now());
    StoreConnection backend = backend(agent.url());
    answer(backend.get("k"));
    answer(backend.read(queue, Detail.NAMES));
    answer(answer(backend.openSession()).awaitDeparture(someEntry(), 7).departed());

    assertThat(agent.asked())
        .filteredOn(asked -> asked.method().equals("GET"))
        .hasSizeGreaterThanOrEqualTo(3)
        .allMatch(asked -> asked.uri().contains("consistent"))
        .filteredOn(asked -> asked.uri().contains("index="))
        .singleElement()
        .matches(asked -> asked.uri().contains("wait=15000ms"));
  }

  @Test
  void datacenterAndNamespaceGoWithEveryRequest() throws Exception {
    FakeAgent agent =
        fake(asked -> asked.opensSession() ? Answer.created().now() : Answer.missing(5).now());
    StoreConnection backend =
        backend(ConsulBackend.builder(agent.url()).datacenter("dc 2").namespace("team"));
    answer(backend.get("k"));
    StoreSession session = answer(backend.openSession());
    outcome(session.heartbeat());
    outcome(session.close());

    assertThat(agent.asked())
        .hasSizeGreaterThanOrEqualTo(4)
        .allMatch(asked -> asked.uri().contains("dc=dc+2"))
        .allMatch(asked -> asked.header("X-consul-namespace").equals("team"));
  }

  @Test
  void aSessionThatIsAnsweredLateIsStillKnownAndCanBeClosed() throws Exception {
    CompletableFuture<Answer> late = new CompletableFuture<>();
    FakeAgent agent = fake(asked -> asked.opensSession() ? late : Answer.ok("true").now());
    CompletionStage<StoreSession> opening = impatient(agent.url()).openSession();
    throughout(
        SOON.multipliedBy(3).dividedBy(2),
        () -> assertThat(opening.toCompletableFuture()).isNotDone());
    late.complete(Answer.created());
    answer(answer(opening).close());
    assertThat(agent.asked())
        .anyMatch(asked -> asked.toString().equals("PUT /v1/session/destroy/some-session"));
  }

  @Test
  void aSourceOfTokensThatFailsIsNoReasonToDoubtTheStore() throws Exception {
    FakeAgent agent = closeLater(FakeAgent.answering(Answer.missing(1)));
    StoreConnection backend =
        backend(
            ConsulBackend.builder(agent.url())
                .token(
                    () -> {
                      throw new IllegalStateException("no token today");
                    }));
    assertThat(outcome(writeSomething(backend))).isEqualTo(Outcome.NOT_DONE);
    assertThat(failure(backend.get("k"))).hasRootCauseMessage("no token today");
    assertThat(agent.asked()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 409})
  void aTransactionWhoseAnswerIsNotUnderstoodIsUnknown(int status) throws Exception {
    StoreConnection backend =
        backend(closeLater(FakeAgent.answering(new Answer(status, "oops", Map.of()))).url());
    assertThat(outcome(writeSomething(backend))).isEqualTo(Outcome.UNKNOWN);
  }

  @Test
  void aClosedBackendGivesUpWhatIsUnderWay() throws Exception {
    FakeAgent agent = closeLater(FakeAgent.silent());
    StoreConnection backend =
        closeLater(ConsulBackend.connect(agent.url()).open(spec(TTL, Duration.ofSeconds(10))));
    CompletionStage<?> write = writeSomething(backend);
    backend.watch(queue, Detail.NAMES, view -> {}, error -> {});
    agent.awaitAsked(2);
    long start = System.nanoTime();
    backend.close();

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
    assertThat(outcome(write)).isEqualTo(Outcome.UNKNOWN);
    eventually(
        () ->
            assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("tenure-consul-")));
  }
}

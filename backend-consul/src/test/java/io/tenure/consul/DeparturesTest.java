package io.tenure.consul;

import static io.tenure.testkit.Eventually.answer;
import static io.tenure.testkit.Eventually.eventually;
import static io.tenure.testkit.Eventually.throughout;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.spi.Enqueued;
import io.tenure.spi.Entry;
import io.tenure.spi.QueueName;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.StoreException.Outcome;
import io.tenure.spi.StoreSession;
import io.tenure.spi.Wait;
import io.tenure.testkit.Eventually;
import io.tenure.testkit.TcpProxy;
import io.tenure.testkit.server.Servers;
import io.tenure.testkit.server.StoreServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeparturesTest extends ConsulTest {
  private static final int MANY = 300;

  @BeforeEach
  void countFromZero() {
    awaitTheEndOfFormerQueries();
  }

  private static int heldBack() {
    return operator().heldBack();
  }

  private static boolean isDone(Wait wait) {
    return wait.departed().toCompletableFuture().isDone();
  }

  /** Entries in as many queues of one directory, and one wait for each. */
  private List<Enqueued> enqueueMany(StoreSession session, int count) {
    List<Enqueued> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      QueueName name = new QueueName(namespace + "/lock/" + i);
      all.add(answer(session.enqueue(name, entry("a"))));
    }
    return all;
  }

  private static List<Wait> awaitAll(StoreSession session, List<Enqueued> entries) {
    return entries.stream()
        .map(each -> session.awaitDeparture(each.self(), each.version()))
        .toList();
  }

  @Test
  void aRemovalIsADeparture() {
    StoreSession owner = session();
    Enqueued entry = enqueue(owner, "a");
    Wait wait = session().awaitDeparture(entry.self(), entry.version());
    eventually(() -> assertThat(heldBack()).isOne());
    assertThat(isDone(wait)).isFalse();

    answer(owner.remove(entry.self()));
    answer(wait.departed());
    eventually(() -> assertThat(heldBack()).isZero());
  }

  @Test
  void aDepartureBeforeTheWaitBeganIsNotMissed() {
    StoreSession owner = session();
    Enqueued entry = enqueue(owner, "a");
    answer(owner.remove(entry.self()));
    answer(session().awaitDeparture(entry.self(), entry.version()).departed());
  }

  @Test
  void theEndOfTheSessionIsADeparture() {
    StoreSession owner = session();
    Enqueued entry = enqueue(owner, "a");
    Wait wait = session().awaitDeparture(entry.self(), entry.version());
    operator().destroySession(owner.id());
    answer(wait.departed());
  }

  @Test
  void anEntryThatNobodyHoldsAnyMoreHasDeparted() {
    StoreSession owner = session();
    Enqueued entry = enqueue(owner, "a");
    Wait wait = session().awaitDeparture(entry.self(), entry.version());
    operator().put(Keys.url(entry.self().locator()) + "?release=" + owner.id(), "a");
    answer(wait.departed());
    operator().delete(Keys.url(entry.self().locator()));
  }

  @Test
  void otherEntriesAndUpdatesDoNotEndAWait() {
    StoreSession owner = session();
    Enqueued first = enqueue(owner, "a");
    Enqueued second = enqueue(owner, "b");
    Wait wait = session().awaitDeparture(first.self(), second.version());
    answer(owner.remove(second.self()));
    answer(owner.update(first.self(), bytes("c")));

    throughout(Duration.ofMillis(300), () -> assertThat(isDone(wait)).isFalse());
    answer(owner.remove(first.self()));
    answer(wait.departed());
  }

  @Test
  void aWaitOutlastsManyQueriesThatReturnWithoutNews() {
    StoreSession owner = session();
    Enqueued entry = enqueue(owner, "a");
    StoreSession waiter = session(started(builder().longestWait(Duration.ofSeconds(1)), TTL));
    Wait wait = waiter.awaitDeparture(entry.self(), entry.version());
    throughout(Duration.ofSeconds(3), () -> assertThat(isDone(wait)).isFalse());
    answer(owner.remove(entry.self()));
    answer(wait.departed());
  }

  @Test
  void aCancelledWaitIsNeverToldAndItsQueryEndsWithItsTime() {
    StoreSession owner = session();
    Enqueued entry = enqueue(owner, "a");
    Wait wait = session().awaitDeparture(entry.self(), entry.version());
    eventually(() -> assertThat(heldBack()).isOne());
    wait.cancel();
    wait.cancel();
    eventually(() -> assertThat(heldBack()).isZero());
    answer(owner.remove(entry.self()));
    throughout(Duration.ofMillis(200), () -> assertThat(isDone(wait)).isFalse());
  }

  @Test
  void beyondTheFirstFewAllShareOneQuery() {
    StoreSession session = session();
    List<Enqueued> entries = enqueueMany(session, MANY);
    List<Wait> waits = awaitAll(session, entries);
    throughout(Duration.ofSeconds(3), () -> assertThat(heldBack()).isLessThan(Followers.ALONE + 5));
    eventually(() -> assertThat(heldBack()).isEqualTo(Followers.ALONE + 1));
    assertThat(waits).noneMatch(DeparturesTest::isDone);

    for (int i = MANY - 1; i >= 0; i--) {
      answer(session.remove(entries.get(i).self()));
      answer(waits.get(i).departed());
      int next = i;
      assertThat(waits.subList(0, next)).noneMatch(DeparturesTest::isDone);
    }
    eventually(() -> assertThat(heldBack()).isZero());
  }

  @Test
  void manyWaitersDoNotUseUpTheConnectionsThatAnAgentAllows() {
    // The server's limit is the usual one: 200 connections from one address.
    StoreConnection backend = connect();
    StoreSession session = session(backend);
    List<Enqueued> entries = enqueueMany(session, MANY);
    List<Wait> waits = awaitAll(session, entries);
    eventually(() -> assertThat(heldBack()).isEqualTo(Followers.ALONE + 1));

    // Cancelled ones stay with the server for a while, and new ones come.
    for (int round = 0; round < 5; round++) {
      waits.forEach(Wait::cancel);
      waits = awaitAll(session, entries);
      assertThat(answer(session.heartbeat())).isEqualTo(TTL);
      assertThat(answer(session().heartbeat())).isEqualTo(TTL);
    }
    answer(session.close());
  }

  @Test
  void aWaitWhoseQueryFailsGoesOnTogetherWithOthers() throws Exception {
    StoreSession owner = session();
    Enqueued entry = enqueue(owner, "a");
    StoreServer server = SharedServer.get();
    TcpProxy cable = closeLater(TcpProxy.to(server.host(), server.port()));
    StoreConnection backend =
        started(
            ConsulBackend.builder("http://" + cable.address())
                .sessionTtlMin(SHORT_TTL)
                .longestWait(Duration.ofSeconds(1)),
            TTL);
    Wait wait = answer(backend.openSession()).awaitDeparture(entry.self(), entry.version());
    eventually(() -> assertThat(heldBack()).isOne());
    cable.cut();
    // One second of waiting, and five without an answer.
    throughout(Duration.ofSeconds(3), () -> assertThat(isDone(wait)).isFalse());
    cable.heal();
    answer(owner.remove(entry.self()));
    answer(wait.departed());
  }

  @Test
  void aWaitFailsWhenTheStoreStaysAway() throws Exception {
    StoreServer server = closeLater(Servers.consul().configuration(Operator.SETTINGS).start());
    StoreConnection backend =
        started(ConsulBackend.builder(server.url()).sessionTtlMin(SHORT_TTL), SHORT_TTL);
    StoreSession session = answer(backend.openSession());
    Entry entry = enqueue(session, "a").self();
    Wait wait = session.awaitDeparture(entry, entry.order());
    server.kill();

    assertThat(outcome(wait.departed())).isEqualTo(Outcome.NOT_DONE);
    assertThat(outcome(session.awaitDeparture(entry, entry.order()).departed()))
        .isEqualTo(Outcome.NOT_DONE);
    assertThat(outcome(session.enqueue(queue, entry("b")))).isEqualTo(Outcome.NOT_DONE);
    assertThat(outcome(session.heartbeat())).isEqualTo(Outcome.NOT_DONE);
  }

  @Test
  void aClosedBackendEndsItsQueriesAndThreads() {
    StoreConnection backend = connect();
    StoreSession session = answer(backend.openSession());
    awaitAll(session, enqueueMany(session, MANY));
    answer(session.close());
    backend.close();

    eventually(
        () ->
            assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("tenure-consul-")));
    eventually(() -> assertThat(heldBack()).isZero());
    assertThat(Eventually.failure(backend.openSession())).hasMessageContaining("closed");
    assertThat(operator().keys("tenure/" + namespace)).isEmpty();
  }
}

package io.tenure.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.Expected;
import io.tenure.spi.Detail;
import io.tenure.spi.Entry;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import io.tenure.spi.StoreSession;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionTest extends StoreTest {
  @Test
  void aSessionOfItsOwnIsValidForTheWholeTimeoutFromTheStart() throws Exception {
    StoreSession session = session();

    assertThat(session.ttl()).isEqualTo(TTL);
    assertThat(session.validityFromOpen()).isEqualTo(TTL);
    assertThat(server.hasSession(sessionId(session))).isTrue();
  }

  @Test
  void theTimeToLiveIsWhatTheServerGrants() throws Exception {
    // The server grants 20 ticks at most.
    StoreConnection backend =
        closeLater(
            ZooKeeperBackend.builder(server.connectString())
                .tickTime(TICK)
                .build()
                .open(spec(Duration.ofSeconds(3))));

    assertThat(Await.get(backend.openSession()).ttl()).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void heartbeatsProveTheSessionAndWriteNothing() throws Exception {
    StoreSession session = session();
    long zxid = server.zxid();

    Duration first = Await.get(session.heartbeat());
    long start = System.nanoTime();
    Await.until("later", () -> System.nanoTime() - start > TTL.dividedBy(4).toNanos());
    Duration second = Await.get(session.heartbeat());
    long middle = System.nanoTime();
    Await.until("later", () -> System.nanoTime() - middle > TTL.dividedBy(4).toNanos());
    Duration third = Await.get(session.heartbeat());

    for (Duration validity : List.of(first, second, third)) {
      assertThat(validity).isBetween(TTL.dividedBy(4), TTL);
    }
    assertThat(server.zxid()).isEqualTo(zxid);
  }

  @Test
  void manyHeartbeatsAtOnceAreAnswered() throws Exception {
    StoreSession session = session();

    List<CompletionStage<Duration>> all = Stream.generate(session::heartbeat).limit(100).toList();

    for (CompletionStage<Duration> each : all) {
      assertThat(Await.get(each)).isLessThanOrEqualTo(TTL);
    }
  }

  @Test
  void anExpiredSessionIsGoneForEveryRequest() throws Exception {
    StoreSession session = session();
    Entry entry = enqueue(session, "me").self();

    server.expire(sessionId(session));

    Await.until("noticed", () -> isOutcome(Outcome.SESSION_GONE, session.heartbeat()));
    assertThat(server.children(QUEUE_PATH)).isEmpty();
    for (CompletionStage<?> request :
        List.of(
            session.heartbeat(),
            session.enqueue(QUEUE, entry("late")),
            session.remove(entry),
            session.withdraw(QUEUE, entry.id()),
            session.update(entry, bytes("late")),
            session.write(Optional.of(entry), List.of(put("c", Expected.absent(), "late"))))) {
      assertThat(Await.outcome(request)).isEqualTo(Outcome.SESSION_GONE);
    }
    Await.get(session.close());
  }

  @Test
  void anotherSessionCanBeOpenedAfterOneExpired() throws Exception {
    StoreConnection backend = connect();
    StoreSession first = Await.get(backend.openSession());
    server.expire(sessionId(first));
    Await.until("gone", () -> isOutcome(Outcome.SESSION_GONE, first.heartbeat()));
    Await.until("connected again", () -> isDone(backend.read(QUEUE, Detail.NAMES)));

    StoreSession second = Await.get(backend.openSession());

    assertThat(second.id()).isNotEqualTo(first.id());
    assertThat(enqueue(second, "me").ahead()).isEmpty();
  }

  @Test
  void anAbandonedSessionsEntriesGoWithinTheStatedBound() throws Exception {
    FlakyLink link = closeLater(new FlakyLink(server.port()));
    StoreConnection backend = connect(link.connectString());
    StoreSession session = Await.get(backend.openSession());
    enqueue(session, "me");
    long start = System.nanoTime();
    link.close();

    Await.until("expired", () -> server.children(QUEUE_PATH).isEmpty());

    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isLessThan(
            ZooKeeperBackend.builder(server.connectString())
                .tickTime(TICK)
                .build()
                .traits()
                .worstExpiry(TTL));
  }

  @Test
  void theStoreKeepsAnEntryForAsLongAsTheLastHeartbeatProved() throws Exception {
    FlakyLink link = closeLater(new FlakyLink(server.port()));
    StoreSession session = Await.get(connect(link.connectString()).openSession());
    enqueue(session, "me");
    long sentAt = System.nanoTime();
    Duration validity = Await.get(session.heartbeat());
    link.close();

    Await.until("expired", () -> server.children(QUEUE_PATH).isEmpty());

    assertThat(Duration.ofNanos(System.nanoTime() - sentAt)).isGreaterThanOrEqualTo(validity);
  }

  @Test
  void closingDropsEntriesAndEphemeralCellsAndNothingElse() throws Exception {
    StoreConnection backend = connect();
    StoreSession session = Await.get(backend.openSession());
    StoreSession other = session();
    enqueue(session, "one");
    enqueue(session, "two");
    Entry kept = enqueue(other, "other's").self();
    Await.get(
        session.write(
            Optional.empty(),
            List.of(
                putEphemeral("cells/mine", Expected.absent(), "x"),
                put("cells/lasting", Expected.absent(), "x"))));
    Await.get(
        other.write(
            Optional.empty(), List.of(putEphemeral("cells/other", Expected.absent(), "x"))));

    Await.get(session.close());
    Await.get(session.close());

    assertThat(server.children(QUEUE_PATH)).containsExactly(Paths.nodeOf(kept.locator()));
    assertThat(Await.get(backend.get("cells/mine"))).isEmpty();
    assertThat(Await.get(backend.get("cells/lasting"))).isPresent();
    assertThat(Await.get(backend.get("cells/other"))).isPresent();
    assertThat(server.children("/tenure/cells")).hasSize(4);
    assertThat(Await.outcome(session.heartbeat())).isEqualTo(Outcome.SESSION_GONE);
    assertThat(Await.outcome(session.enqueue(QUEUE, entry("late"))))
        .isEqualTo(Outcome.SESSION_GONE);
  }

  @Test
  void closingDropsAnEntryWhoseAnswerWasLostAlsoWhenTheStoreIsAwayJustThen(@TempDir Path directory)
      throws Exception {
    startPatientServer(directory);
    FlakyLink link = closeLater(new FlakyLink(server.port()));
    CuratorFramework shared =
        closeLater(
            CuratorFrameworkFactory.builder()
                .connectString(link.connectString())
                .sessionTimeoutMs((int) PATIENCE.toMillis())
                .connectionTimeoutMs((int) PATIENCE.toMillis())
                .retryPolicy(new RetryOneTime(10))
                .build());
    shared.start();
    shared.blockUntilConnected();
    StoreSession session =
        Await.get(startedPatiently(ZooKeeperBackend.builder(shared)).openSession());
    enqueue(session, "known");
    link.holdAnswers();
    CompletionStage<?> lost = session.enqueue(QUEUE, entry("me"));
    Await.until("made", () -> server.children(QUEUE_PATH).size() == 2);

    CompletionStage<Void> closed = session.close();
    link.cut();

    assertThat(Await.failure(lost)).isNotNull();
    Await.get(closed);
    assertThat(server.children(QUEUE_PATH)).isEmpty();
    assertThat(server.hasSession(sessionId(session))).isTrue();
  }

  @Test
  void nothingIsMadeByARequestThatTheEndOfTheSessionOvertook() throws Exception {
    FlakyLink link = closeLater(new FlakyLink(server.port()));
    StoreSession session = Await.get(connect(link.connectString()).openSession());
    Await.get(session.remove(enqueue(session, "makes the queue known").self()));
    server.collect(QUEUE_PATH);
    link.holdAnswers();

    // This finds no queue, and would make it and try again after the session has been cleared.
    CompletionStage<?> overtaken = session.enqueue(QUEUE, entry("me"));
    CompletionStage<?> closed = session.close();
    link.releaseAnswers();

    Await.get(closed);
    assertThat(Await.outcome(overtaken)).isEqualTo(Outcome.SESSION_GONE);
    assertThat(server.children(QUEUE_PATH)).isEmpty();
  }

  @Test
  void aSessionOnTheUsersFrameworkSharesItsSessionAndIsProvedBeforeItIsUsed() throws Exception {
    CuratorFramework shared = curator();
    StoreConnection backend = started(ZooKeeperBackend.builder(shared));
    long start = System.nanoTime();

    StoreSession session = Await.get(backend.openSession());

    assertThat(sessionId(session))
        .isEqualTo(shared.getZookeeperClient().getZooKeeper().getSessionId());
    assertThat(session.validityFromOpen()).isEqualTo(TTL);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(TICK.dividedBy(2));
  }

  @Test
  void twoSessionsOnOneFrameworkDoNotDropEachOthersEntries() throws Exception {
    CuratorFramework shared = curator();
    StoreSession one = Await.get(started(ZooKeeperBackend.builder(shared)).openSession());
    StoreSession two = Await.get(started(ZooKeeperBackend.builder(shared)).openSession());
    enqueue(one, "one");
    Entry kept = enqueue(two, "two").self();

    Await.get(one.close());

    assertThat(server.children(QUEUE_PATH)).containsExactly(Paths.nodeOf(kept.locator()));
  }

  @Test
  void theUsersFrameworkStaysOpen() throws Exception {
    CuratorFramework shared = curator();
    StoreConnection backend = started(ZooKeeperBackend.builder(shared));
    StoreSession session = Await.get(backend.openSession());
    enqueue(session, "me");
    Await.get(session.close());

    backend.close();
    backend.close();

    assertThat(shared.checkExists().forPath(QUEUE_PATH)).isNotNull();
    assertThat(server.hasSession(sessionId(session))).isTrue();
    assertThat(Await.outcome(backend.openSession())).isEqualTo(Outcome.REFUSED);
  }

  @Test
  void closingABackendOfItsOwnEndsItsZooKeeperSession() throws Exception {
    StoreConnection backend = connect();
    StoreSession session = Await.get(backend.openSession());
    enqueue(session, "me");

    backend.close();

    assertThat(server.hasSession(sessionId(session))).isFalse();
    assertThat(server.children(QUEUE_PATH)).isEmpty();
    assertThat(Await.outcome(session.heartbeat())).isEqualTo(Outcome.SESSION_GONE);
  }

  @Test
  void closingAConnectionThatWasNeverUsedConnectsToNobody() {
    StoreConnection started =
        ZooKeeperBackend.connect("127.0.0.1:1").open(spec(Duration.ofSeconds(15)));
    started.close();

    assertThat(server.sessions()).isZero();
  }

  @Test
  void aFrameworkThatItsOwnerClosedEndsTheSession() throws Exception {
    CuratorFramework shared = curator();
    StoreConnection backend = started(ZooKeeperBackend.builder(shared));
    StoreSession session = Await.get(backend.openSession());

    shared.close();

    assertThat(Await.outcome(session.heartbeat())).isEqualTo(Outcome.SESSION_GONE);
    assertThat(Await.outcome(backend.openSession())).isEqualTo(Outcome.REFUSED);
    Await.get(session.close());
  }

  @Test
  void aServerThatIsAwayMakesTheRequestFailAndNotTheStart() throws Exception {
    server.stop();
    StoreConnection backend =
        closeLater(
            ZooKeeperBackend.builder(server.connectString())
                .tickTime(TICK)
                .build()
                .open(spec(TTL, Duration.ofMillis(200))));

    StoreException failure = Await.failure(backend.openSession());

    assertThat(failure.outcome()).isEqualTo(Outcome.NOT_DONE);
    assertThat(failure).hasMessageContaining("no ZooKeeper server could be reached");
    server.restart();
    Await.until("connected", () -> isDone(backend.openSession()));
  }

  @Test
  void entriesSurviveARestartOfTheServer(@TempDir Path directory) throws Exception {
    startPatientServer(directory);
    StoreSession session = Await.get(connectPatiently(server.connectString()).openSession());
    Entry self = enqueue(session, "me").self();

    server.restart();

    Await.until("alive", () -> isDone(session.heartbeat()));
    assertThat(Await.get(session.remove(self))).isTrue();
  }
}

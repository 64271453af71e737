package io.tenure.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tenure.spi.Enqueued;
import io.tenure.spi.QueueName;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.StoreException.Outcome;
import io.tenure.spi.StoreSession;
import io.tenure.spi.Wait;
import io.tenure.testkit.TcpProxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SessionTest extends StoreTest {
  @Test
  void aSessionIsALeaseWithAKeyThatTellsWhoseItIs() throws Exception {
    StoreSession session = session();
    assertThat(session.ttl()).isEqualTo(TTL);
    assertThat(session.validityFromOpen()).isEqualTo(TTL);
    assertThat(etcd.leases()).contains(session.id());
    assertThat(etcd.under("tenure/.session/" + session.id()))
        .singleElement()
        .satisfies(
            key -> {
              assertThat(key.getValue().toString()).isEqualTo("tester");
              assertThat(Long.toHexString(key.getLease())).isEqualTo(session.id());
            });
  }

  @Test
  void closingASessionDropsItsLeaseAndItsKeys() throws Exception {
    StoreSession session = session();
    QueueName queue = queue();
    Await.get(session.enqueue(queue, entry()));
    Await.get(session.close());
    assertThat(etcd.leases()).doesNotContain(session.id());
    assertThat(keys(queue)).isEmpty();
    Await.get(session.close());
  }

  @Test
  void closingASessionThatIsGoneAlreadyIsNoFailure() throws Exception {
    StoreSession session = session();
    etcd.revoke(session.id());
    Await.get(session.close());
  }

  @Test
  void aTtlIsRoundedUpToWholeSeconds() throws Exception {
    StoreConnection backend =
        started(EtcdBackend.connect(server.url()), Duration.ofMillis(2_300), TIMEOUT);
    assertThat(Await.get(backend.openSession()).ttl()).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void aTtlThatEtcdDoesNotGrantIsRefusedAtTheStart() {
    for (Duration ttl : List.of(Duration.ofMillis(1_999), Duration.ofDays(1).plusNanos(1))) {
      EtcdBackend backend = EtcdBackend.connect(server.url());
      assertThatIllegalArgumentException()
          .isThrownBy(() -> backend.open(spec(ttl, TIMEOUT)))
          .withMessageContaining("PT2S");
    }
  }

  @Test
  void aHeartbeatProvesTheWholeTimeToLiveAndWritesNothing() throws Exception {
    StoreSession session = session();
    long revision = etcd.revision();
    for (int i = 0; i < 10; i++) {
      assertThat(Await.get(session.heartbeat())).isEqualTo(TTL);
    }
    assertThat(etcd.revision()).isEqualTo(revision);
    assertThat(etcd.metric("etcd_server_proposals_pending")).isZero();
  }

  @Test
  void heartbeatsKeepASessionAliveBeyondItsTimeToLive() throws Exception {
    StoreConnection backend = started(EtcdBackend.connect(server.url()), SHORTEST, TIMEOUT);
    StoreSession session = Await.get(backend.openSession());
    long start = System.nanoTime();
    while (System.nanoTime() - start < SHORTEST.multipliedBy(2).toNanos()) {
      assertThat(Await.get(session.heartbeat())).isEqualTo(SHORTEST);
    }
    assertThat(etcd.leases()).contains(session.id());
  }

  @Test
  void aSessionWithoutHeartbeatsEndsWithWhatItOwns() throws Exception {
    StoreConnection backend = started(EtcdBackend.connect(server.url()), SHORTEST, TIMEOUT);
    StoreSession session = Await.get(backend.openSession());
    Enqueued own = Await.get(session.enqueue(queue(), entry()));
    Await.get(session().awaitDeparture(own.self(), own.version()).departed());
    assertThat(Await.outcome(session.heartbeat())).isEqualTo(Outcome.SESSION_GONE);
  }

  @Test
  void heartbeatsMayOverlap() throws Exception {
    StoreSession session = session();
    var first = session.heartbeat();
    var second = session.heartbeat();
    var third = session.heartbeat();
    assertThat(Await.get(third)).isEqualTo(TTL);
    assertThat(Await.get(second)).isEqualTo(TTL);
    assertThat(Await.get(first)).isEqualTo(TTL);
  }

  @Test
  void aHeartbeatIsNotFooledByALeaseWhoseKeyIsGone() throws Exception {
    StoreSession session = session();
    etcd.delete("tenure/.session/" + session.id());
    assertThat(Await.outcome(session.heartbeat())).isEqualTo(Outcome.SESSION_GONE);
  }

  @Test
  void everythingThatASessionDoesFailsWhenItsLeaseIsGone() throws Exception {
    StoreSession session = session();
    QueueName queue = queue();
    Enqueued own = Await.get(session.enqueue(queue, entry()));
    etcd.revoke(session.id());

    assertThat(Await.outcome(session.heartbeat())).isEqualTo(Outcome.SESSION_GONE);
    assertThat(Await.outcome(session.enqueue(queue, entry()))).isEqualTo(Outcome.SESSION_GONE);
    assertThat(Await.outcome(session.write(Optional.empty(), List.of(create("c", "v", true)))))
        .isEqualTo(Outcome.SESSION_GONE);
    assertThat(Await.outcome(session.write(Optional.empty(), List.of(create("c", "v", false)))))
        .isEqualTo(Outcome.SESSION_GONE);
    assertThat(Await.outcome(session.withdraw(queue, own.self().id())))
        .isEqualTo(Outcome.SESSION_GONE);
    assertThat(Await.get(session.remove(own.self()))).isFalse();
    assertThat(Await.outcome(session.update(own.self(), new byte[0]))).isEqualTo(Outcome.NOT_DONE);
  }

  @Test
  void aClosedSessionTakesNoRequestsAndItsWaitsAreOver() throws Exception {
    StoreSession session = session();
    QueueName queue = queue();
    Enqueued other = Await.get(session().enqueue(queue, entry()));
    Wait wait = session.awaitDeparture(other.self(), other.version());
    Await.get(session.close());

    assertThat(Await.outcome(wait.departed())).isEqualTo(Outcome.SESSION_GONE);
    assertThat(Await.outcome(session.heartbeat())).isEqualTo(Outcome.SESSION_GONE);
    assertThat(Await.outcome(session.enqueue(queue, entry()))).isEqualTo(Outcome.SESSION_GONE);
    assertThat(Await.outcome(session.awaitDeparture(other.self(), other.version()).departed()))
        .isEqualTo(Outcome.SESSION_GONE);
  }

  @Test
  void withoutAServerReadsAreNotDoneAndWritesUnknownWithinTheTimeLimit() throws Exception {
    TcpProxy cable = cable();
    Duration limit = Duration.ofSeconds(1);
    StoreConnection backend = started(EtcdBackend.connect("http://" + cable.address()), TTL, limit);
    StoreSession session = Await.answered(backend::openSession);
    cable.cut();
    long start = System.nanoTime();
    var read = backend.get("k");
    var heartbeat = session.heartbeat();
    var enqueue = session.enqueue(queue(), entry());
    var write = backend.write(List.of(create("unknown", "v", false)));

    assertThat(Await.outcome(read)).isEqualTo(Outcome.NOT_DONE);
    assertThat(Await.outcome(heartbeat)).isEqualTo(Outcome.NOT_DONE);
    assertThat(Await.outcome(enqueue)).isEqualTo(Outcome.UNKNOWN);
    assertThat(Await.outcome(write)).isEqualTo(Outcome.UNKNOWN);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(limit.multipliedBy(10));
    cable.heal();
    Await.until("a heartbeat gets through", () -> succeeds(session));
  }

  @Test
  void closingTheBackendEndsTheSessionsThatAreLeft() throws Exception {
    StoreConnection backend = connect();
    StoreSession session = Await.get(backend.openSession());
    backend.close();
    assertThat(etcd.leases()).doesNotContain(session.id());
    assertThat(Await.outcome(backend.get("k"))).isEqualTo(Outcome.REFUSED);
    assertThat(Await.outcome(backend.openSession())).isEqualTo(Outcome.REFUSED);
    backend.close();
  }

  @Test
  void closingTheBackendTakesABoundedTimeWhenNobodyAnswers() throws Exception {
    TcpProxy cable = cable();
    StoreConnection backend =
        started(EtcdBackend.connect("http://" + cable.address()), TTL, Duration.ofSeconds(1));
    Await.answered(backend::openSession);
    cable.cut();
    long start = System.nanoTime();
    backend.close();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
  }
}

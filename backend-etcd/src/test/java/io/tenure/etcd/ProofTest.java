package io.tenure.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.spi.Detail;
import io.tenure.spi.QueueName;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import io.tenure.spi.StoreSession;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a heartbeat proves, by the terms that its two answers show. */
class ProofTest {
  private static final Duration TTL = Duration.ofSeconds(10);
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private FakeEtcd etcd;
  private StoreConnection backend;
  private StoreSession session;

  @BeforeEach
  void open() throws Exception {
    etcd = new FakeEtcd();
    backend = EtcdBackend.connect(etcd.url()).open(StoreTest.spec(TTL, LIMIT));
    session = Await.answered(backend::openSession);
  }

  @AfterEach
  void close() throws Exception {
    backend.close();
    etcd.close();
  }

  private Duration heartbeat() throws Exception {
    return Await.get(session.heartbeat());
  }

  @Test
  void aRenewalThatAReadOfTheSameTermConfirmsProvesTheTimeToLive() throws Exception {
    assertThat(heartbeat()).isEqualTo(TTL);
    assertThat(heartbeat()).isEqualTo(TTL);
  }

  @Test
  void aLeaderThatWasReplacedProvesNothingHoweverOftenItAnswers() throws Exception {
    etcd.termOfReads = 6;
    for (int i = 0; i < 3; i++) {
      assertThat(heartbeat()).isZero();
    }
  }

  @Test
  void theFirstHeartbeatOfANewTermProvesNothing() throws Exception {
    etcd.termOfReads = 6;
    etcd.termOfRenewals = 6;
    assertThat(heartbeat()).isZero();
    assertThat(heartbeat()).isEqualTo(TTL);
  }

  @Test
  void aReaderThatHasNotHeardOfTheNewTermDelaysTheProofOnce() throws Exception {
    etcd.termOfRenewals = 6;
    assertThat(heartbeat()).isZero();
    assertThat(heartbeat()).isEqualTo(TTL);
  }

  @Test
  void aShorterRenewalProvesAShorterTimeAndALongerOneNotALonger() throws Exception {
    etcd.renewedSeconds = 4;
    assertThat(heartbeat()).isEqualTo(Duration.ofSeconds(4));
    etcd.renewedSeconds = 40;
    assertThat(heartbeat()).isEqualTo(TTL);
  }

  @Test
  void aLeaseThatCannotBeRenewedIsGone() throws Exception {
    etcd.renewedSeconds = 0;
    assertThat(Await.outcome(session.heartbeat())).isEqualTo(Outcome.SESSION_GONE);
  }

  @Test
  void aRenewedLeaseWhoseKeyIsGoneIsGone() throws Exception {
    etcd.sessionKeyIsThere = false;
    assertThat(Await.outcome(session.heartbeat())).isEqualTo(Outcome.SESSION_GONE);
  }

  @Test
  void thatTheKeyIsGoneIsToldAlthoughTheRenewalHangs() throws Exception {
    etcd.answersRenewals = false;
    etcd.sessionKeyIsThere = false;
    long start = System.nanoTime();
    assertThat(Await.outcome(session.heartbeat())).isEqualTo(Outcome.SESSION_GONE);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LIMIT);
  }

  @Test
  void anOverdueRenewalDoesNotHoldUpTheNextAndItsStreamEnds() throws Exception {
    heartbeat();
    etcd.answersRenewals = false;
    CompletionStage<Duration> overdue = session.heartbeat();
    Await.until("it has arrived", () -> etcd.renewalRequests() == 2);
    etcd.answersRenewals = true;
    assertThat(heartbeat()).isEqualTo(TTL);
    assertThat(etcd.renewalStreams()).isEqualTo(2);
    assertThat(Await.outcome(overdue)).isEqualTo(Outcome.NOT_DONE);
    Await.until("the overdue stream is gone", () -> etcd.renewalStreams() == 1);
    assertThat(heartbeat()).isEqualTo(TTL);
  }

  @Test
  void aBrokenStreamOfRenewalsIsReplaced() throws Exception {
    heartbeat();
    etcd.breakRenewals();
    Await.until("a heartbeat gets through", () -> StoreTest.succeeds(session));
    assertThat(heartbeat()).isEqualTo(TTL);
    Await.get(session.close());
    Await.until("no stream is left", () -> etcd.renewalStreams() == 0);
  }

  @Test
  void aStoreThatGoesBackEndsTheSessionWithThatReason() throws Exception {
    etcd.revision = 100;
    heartbeat();
    etcd.revision = 99;
    StoreException end = Await.failure(session.heartbeat());
    assertThat(end.outcome()).isEqualTo(Outcome.STORE_REGRESSED);
    assertThat(end).hasMessageContaining("from revision 100 to 99");
    assertThat(Await.outcome(session.heartbeat())).isEqualTo(Outcome.STORE_REGRESSED);

    StoreSession next = Await.get(backend.openSession());
    assertThat(Await.get(next.heartbeat())).isEqualTo(TTL);
  }

  @Test
  void anotherClusterInTheStoresPlaceEndsTheSession() throws Exception {
    etcd.cluster = 2;
    assertThat(Await.outcome(session.heartbeat())).isEqualTo(Outcome.STORE_REGRESSED);
  }

  @Test
  void aStoreThatWentBackIsTheReasonWhyItDoesNotKnowTheSession() throws Exception {
    etcd.revision = 100;
    heartbeat();
    etcd.revision = 99;
    etcd.renewedSeconds = 0;
    etcd.sessionKeyIsThere = false;
    assertThat(Await.outcome(session.heartbeat())).isEqualTo(Outcome.STORE_REGRESSED);
  }

  @Test
  void aViewOfAStoreThatWentBackIsNotShownUntilTheClientKnows() throws Exception {
    QueueName queue = StoreTest.queue();
    etcd.revision = 100;
    heartbeat();
    etcd.revision = 99;
    for (int i = 0; i < 2; i++) {
      assertThat(Await.outcome(backend.read(queue, Detail.NAMES)))
          .isEqualTo(Outcome.STORE_REGRESSED);
    }
    assertThat(Await.outcome(session.heartbeat())).isEqualTo(Outcome.STORE_REGRESSED);
    assertThat(Await.get(backend.read(queue, Detail.NAMES)).version()).isEqualTo(99);
  }
}

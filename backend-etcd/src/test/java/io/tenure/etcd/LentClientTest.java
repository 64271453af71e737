package io.tenure.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.ClientBuilder;
import io.tenure.CoordinationClient;
import io.tenure.Lease;
import io.tenure.spi.Detail;
import io.tenure.spi.QueueName;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import io.tenure.spi.StoreSession;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class LentClientTest extends StoreTest {
  private ClientBuilder jetcd() {
    return Client.builder().endpoints(server.url());
  }

  private Client prepared() {
    return closeLater(jetcd().interceptor(EtcdBackend.interceptor()).build());
  }

  @Test
  void aLentClientServesSeveralBackendsAndStaysOpen() throws Exception {
    Client lent = prepared();
    QueueName queue = queue();
    try (StoreConnection a = started(EtcdBackend.using(lent));
        StoreConnection b = started(EtcdBackend.using(lent))) {
      StoreSession session = Await.get(a.openSession());
      Await.get(session.enqueue(queue, entry()));
      assertThat(Await.get(session.heartbeat())).isEqualTo(TTL);
      assertThat(Await.get(b.read(queue, Detail.NAMES)).entries()).hasSize(1);
    }
    assertThat(Await.get(lent.getKVClient().get(Etcd.bytes("k"))).getKvs()).isEmpty();
    assertThat(etcd.leases()).isEmpty();
    assertThat(etcd.metric("etcd_debugging_mvcc_watch_stream_total")).isZero();
  }

  @Test
  void aLentClientsNamespaceIsRespected() throws Exception {
    Client lent =
        closeLater(
            jetcd().namespace(Etcd.bytes("team/")).interceptor(EtcdBackend.interceptor()).build());
    try (CoordinationClient client =
            CoordinationClient.create(EtcdBackend.builder(lent).root("locks").build());
        Lease lease = client.lock("x").acquire()) {
      assertThat(lease.isHeld()).isTrue();
      assertThat(etcd.keys("team/locks/")).isNotEmpty();
      assertThat(etcd.keys("locks/")).isEmpty();
      assertThat(
              Await.get(lent.getKVClient().get(ByteSequence.from("team/locks/", UTF_8))).getKvs())
          .isEmpty();
    }
    assertThat(etcd.keys("team/")).isEmpty();
  }

  @Test
  void ourOwnClientHasANamespaceToo() throws Exception {
    try (CoordinationClient client =
            CoordinationClient.create(
                EtcdBackend.builder(server.url()).namespace("mine/").root("a/b").build());
        Lease lease = client.lock("x").acquire()) {
      assertThat(lease.isHeld()).isTrue();
      assertThat(etcd.keys("mine/a/b/")).isNotEmpty();
    }
  }

  @Test
  void aClientWithoutOurInterceptorIsRefusedWithASentenceThatNamesIt() throws Exception {
    StoreConnection backend = started(EtcdBackend.using(closeLater(jetcd().build())));
    StoreException refusal = Await.failure(backend.openSession());
    assertThat(refusal.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(refusal).hasMessageContaining("EtcdBackend.interceptor()");
  }

  @Test
  void aClientThatItsOwnerHasClosedIsNotUsed() throws Exception {
    Client lent = prepared();
    lent.close();
    StoreConnection backend = started(EtcdBackend.using(lent));
    assertThat(Await.outcome(backend.openSession())).isEqualTo(Outcome.NOT_DONE);
  }

  @Test
  void settingsOfALentClientAreItsOwners() {
    Path file = Path.of("file");
    assertThatIllegalStateException()
        .isThrownBy(() -> EtcdBackend.builder(prepared()).namespace("n"))
        .withMessageContaining("yours");
    assertThatIllegalStateException()
        .isThrownBy(() -> EtcdBackend.builder(prepared()).user("u", new char[1]));
    assertThatIllegalStateException().isThrownBy(() -> EtcdBackend.builder(prepared()).trust(file));
    assertThatIllegalStateException()
        .isThrownBy(() -> EtcdBackend.builder(prepared()).identity(file, file));
    assertThatIllegalStateException()
        .isThrownBy(() -> EtcdBackend.builder(prepared()).client(settings -> {}));
  }
}

package io.tenure.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.CoordinationClient;
import io.tenure.CoordinationEvent;
import io.tenure.CoordinationEvent.SessionLost;
import io.tenure.FencingToken;
import io.tenure.Lease;
import io.tenure.LossReason;
import io.tenure.spi.Enqueued;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.StoreException.Outcome;
import io.tenure.spi.StoreSession;
import io.tenure.testkit.server.EtcdFiles;
import io.tenure.testkit.server.NeedsStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real restores under a client that holds a lease, and how they are told apart from a restart. */
@Timeout(120)
@NeedsStore("etcd")
class RestoreTest {
  /** Longer than the server is away, so that no session ends for that. */
  private static final Duration TTL = Duration.ofSeconds(60);

  @TempDir Path directory;
  private EtcdFiles files;
  private CoordinationClient client;
  private final List<CoordinationEvent> events = new CopyOnWriteArrayList<>();

  @BeforeEach
  void open() {
    files = EtcdFiles.in(directory);
    client =
        CoordinationClient.builder(EtcdBackend.connect(files.server().url()))
            .leaseTtl(TTL)
            .renewEvery(Duration.ofMillis(500))
            .onEvent(events::add)
            .build();
  }

  @AfterEach
  void close() {
    client.close();
    files.close();
  }

  /** What the store will not know of later. */
  private void write() throws Exception {
    for (int i = 0; i < 20; i++) {
      client.lock("other").acquire().close();
    }
  }

  private void assertRegressed(Lease lease, String what) throws Exception {
    assertThat(Await.get(lease.lost())).isEqualTo(LossReason.STORE_REGRESSED);
    assertThat(lease.isHeld()).isFalse();
    Await.until("the event", () -> sessionsLost().size() == 1);
    SessionLost end = sessionsLost().get(0);
    assertThat(end.reason()).isEqualTo(LossReason.STORE_REGRESSED);
    assertThat(end.cause().orElseThrow())
        .hasMessageContaining(what)
        .hasMessageContaining("raise the generation");
  }

  private List<SessionLost> sessionsLost() {
    return events.stream()
        .filter(SessionLost.class::isInstance)
        .map(SessionLost.class::cast)
        .toList();
  }

  private FencingToken nextToken() throws Exception {
    try (Lease lease = Await.get(client.lock("x").acquireAsync())) {
      return lease.token();
    }
  }

  @Test
  void aServerThatRestartsOnItsOwnDataEndsNothing() throws Exception {
    Lease lease = client.lock("x").acquire();
    write();
    files.server().restart();
    try (Lease other = Await.get(client.lock("y").acquireAsync())) {
      assertThat(other.token().isNewerThan(lease.token())).isTrue();
    }
    assertThat(lease.isHeld()).isTrue();
    assertThat(sessionsLost()).isEmpty();
  }

  @Test
  void anOlderCopyOfTheDataIsNoticedAlthoughItKnowsTheSession() throws Exception {
    Lease lease = client.lock("x").acquire();
    Path copy = files.copy();
    write();
    files.replaceBy(copy);
    assertRegressed(lease, "went back in time");
  }

  @Test
  void aStoreThatHasLostItsDataIsNoticedAndClientsGoOnWithWhatThereIs() throws Exception {
    Lease lease = client.lock("x").acquire();
    write();
    files.replaceBy(directory.resolve("nothing"));
    assertRegressed(lease, "went back in time");
    // It is the operator who has to see to it that tokens grow.
    Await.get(client.lock("x").acquireAsync());
  }

  @Test
  void aRestoredSnapshotIsNoticedAndARaisedGenerationKeepsTokensGrowing() throws Exception {
    Path snapshot = files.snapshot();
    Lease lease = client.lock("x").acquire();
    write();
    files.replaceBy(files.restored(snapshot));
    assertRegressed(lease, "went back in time");

    client.close();
    try (Etcd etcd = Etcd.at(files.server())) {
      etcd.put("tenure/default/generation", "1".getBytes(UTF_8));
    }
    client = CoordinationClient.create(EtcdBackend.connect(files.server().url()));
    assertThat(nextToken().isNewerThan(lease.token())).isTrue();
  }

  @Test
  void aSnapshotThatIsRestoredAsAnotherClusterIsNoticedWhateverItsRevision() throws Exception {
    Lease lease = client.lock("x").acquire();
    Path snapshot = files.snapshot();
    files.replaceBy(files.restored(snapshot, "--initial-cluster-token=second"));
    assertRegressed(lease, "another etcd cluster answers");
  }

  @Test
  void aSnapshotThatIsRestoredWithABumpedRevisionLosesItsSessionsAndItsTokensGrow()
      throws Exception {
    Path snapshot = files.snapshot();
    Lease lease = client.lock("x").acquire();
    write();
    files.replaceBy(files.restored(snapshot, "--bump-revision=1000000", "--mark-compacted"));
    assertThat(Await.get(lease.lost())).isEqualTo(LossReason.SESSION_LOST);
    assertThat(nextToken().isNewerThan(lease.token())).isTrue();
  }

  @Test
  void anEntryThatAnOlderStoreDoesNotKnowHasNotDeparted() throws Exception {
    try (StoreConnection backend =
        EtcdBackend.connect(files.server().url()).open(StoreTest.spec(TTL, StoreTest.TIMEOUT))) {
      StoreSession session = Await.get(backend.openSession());
      Enqueued own = Await.get(session.enqueue(StoreTest.queue(), StoreTest.entry()));
      files.replaceBy(directory.resolve("nothing"));
      Outcome end;
      do {
        end = Await.outcome(session.awaitDeparture(own.self(), own.version()).departed());
      } while (end == Outcome.NOT_DONE);
      assertThat(end).isEqualTo(Outcome.STORE_REGRESSED);
    }
  }
}

package io.tenure.testkit;

import static io.tenure.testkit.Eventually.answer;
import static io.tenure.testkit.Eventually.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.spi.Backend;
import io.tenure.spi.ClientSpec;
import io.tenure.spi.EntrySpec;
import io.tenure.spi.QueueName;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import io.tenure.spi.StoreSession;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;

/** What the groups share that ask the backend itself: sessions without a client. */
abstract class SpiGroup extends ContractGroup {
  final QueueName queue = lockQueue("x");
  private final List<StoreConnection> connections = new ArrayList<>();
  private final List<Link> links = new ArrayList<>();

  SpiGroup(BackendContract contract) {
    super(contract);
  }

  @AfterEach
  void closeConnections() {
    links.forEach(Link::heal);
    connections.forEach(StoreConnection::close);
    links.forEach(Link::close);
  }

  /** A session with the store's default time to live. */
  final StoreSession session() {
    return session(fixture.newBackend(), traits.defaultTtl());
  }

  final Link newLink() {
    Link link = fixture.newLink();
    links.add(link);
    return link;
  }

  /** A session with the fixture's short time to live, on a link that can be cut. */
  final StoreSession session(Link link) {
    return session(link.backend(), fixture.ttl());
  }

  final StoreSession session(Backend backend, Duration ttl) {
    return answer(open(backend, ttl).openSession());
  }

  /** A connection that is closed after the test. */
  final StoreConnection open(Backend backend, Duration ttl) {
    StoreConnection connection =
        backend.open(
            new ClientSpec(
                "peer", ttl, fixture.renewEvery(), fixture.safetyMargin(), Eventually.BOUND));
    connections.add(connection);
    return connection;
  }

  static EntrySpec spec(String payload) {
    String id = UUID.randomUUID().toString().replace("-", "");
    return new EntrySpec(id, "w", payload.getBytes(StandardCharsets.UTF_8));
  }

  static void assertFailed(CompletionStage<?> stage, Outcome outcome) {
    assertThat(failure(stage))
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.outcome()).isEqualTo(outcome));
  }
}

package io.tenure.testkit;

import static io.tenure.testkit.Eventually.answer;
import static io.tenure.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.ClientBuilder;
import io.tenure.CoordinationClient;
import io.tenure.CoordinationEvent;
import io.tenure.FencingToken;
import io.tenure.Lease;
import io.tenure.LossReason;
import io.tenure.testkit.Recorder.Moment;
import io.tenure.testkit.server.StoreCluster;
import io.tenure.testkit.server.StoreServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a backend keeps when members of its store's cluster fail: extend this class, give it three
 * real members, and run it beside {@link BackendContract}.
 *
 * <p>All moments are of this JVM's monotonic clock, so that "A had stopped believing before B
 * acquired" is checked exactly. One lock is used throughout, and its tokens grow across all tests.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(ClusterContract.TIMEOUT_SECONDS)
public abstract class ClusterContract {
  private static final Logger log = LoggerFactory.getLogger(ClusterContract.class);

  /** For what takes elections, or a session's whole life: longer than any, on a busy machine. */
  private static final Duration BOUND = Duration.ofSeconds(100);

  static final int TIMEOUT_SECONDS = 300;

  private final String namespace = "cluster-" + UUID.randomUUID().toString().substring(0, 8);
  private final List<CoordinationClient> clients = new ArrayList<>();
  private ClusterFixture fixture;
  private StoreCluster cluster;
  private Optional<FencingToken> newest = Optional.empty();

  /** For subclasses. */
  protected ClusterContract() {}

  /**
   * Starts the cluster, once for all tests of the class.
   *
   * @return the running cluster
   */
  protected abstract ClusterFixture newFixture();

  @BeforeAll
  @Timeout(TIMEOUT_SECONDS)
  final void startCluster() {
    fixture = newFixture();
    cluster = fixture.cluster();
    assertThat(cluster.nodes()).hasSize(3);
  }

  @AfterAll
  final void stopCluster() {
    fixture.close();
  }

  /** In this order: a client cannot leave a store that does not serve. */
  @AfterEach
  @Timeout(TIMEOUT_SECONDS)
  final void putEverythingRight() {
    for (StoreServer member : cluster.nodes()) {
      member.mend();
      if (member.isRunning()) {
        member.resume();
      } else {
        member.start();
      }
    }
    cluster.awaitReady();
    clients.forEach(CoordinationClient::close);
    clients.clear();
  }

  /** The members, with those first that do not lead: some clients know only the first. */
  private List<StoreServer> followersFirst() {
    List<StoreServer> members = new ArrayList<>(cluster.followers());
    cluster.nodes().stream().filter(node -> !members.contains(node)).forEach(members::add);
    return members;
  }

  private CoordinationClient join(
      String candidate, List<StoreServer> members, Recorder<CoordinationEvent> events) {
    return open(
        CoordinationClient.builder(fixture.newBackend(members))
            .namespace(namespace)
            .candidate(candidate)
            .leaseTtl(fixture.patientTtl())
            .renewEvery(fixture.renewEvery())
            .onEvent(events));
  }

  private CoordinationClient joinShortLived(String candidate, List<StoreServer> members) {
    return open(
        CoordinationClient.builder(fixture.newBackend(members))
            .namespace(namespace)
            .candidate(candidate)
            .leaseTtl(fixture.ttl())
            .renewEvery(fixture.renewEvery())
            .safetyMargin(fixture.safetyMargin()));
  }

  private CoordinationClient open(ClientBuilder settings) {
    CoordinationClient client = settings.build();
    clients.add(client);
    return client;
  }

  private static CompletableFuture<Lease> acquire(CoordinationClient client) {
    return client.lock("x").acquireAsync();
  }

  /** Takes note of a new lease, and checks its token against all before it. */
  private Lease granted(Lease lease) {
    FencingToken token = lease.token();
    assertThat(newest.map(token::isNewerThan).orElse(true))
        .as("%s is newer than %s", token, newest)
        .isTrue();
    newest = Optional.of(token);
    return lease;
  }

  @Test
  void theHolderKeepsItsLeaseWhileEveryMemberIsRestarted() {
    assertKeptThroughout(cluster::restartRolling);
  }

  @Test
  void theHolderKeepsItsLeaseWhenTheLeaderIsKilled() {
    assertKeptThroughout(
        () -> {
          StoreServer killed = cluster.leader();
          killed.kill();
          assertThat(cluster.leader()).isNotSameAs(killed);
        });
  }

  private void assertKeptThroughout(Runnable failure) {
    Recorder<CoordinationEvent> events = new Recorder<>();
    List<StoreServer> members = followersFirst();
    Lease lease = granted(get(acquire(join("a", members, events))));
    CompletableFuture<Lease> waiting = acquire(join("b", members, new Recorder<>()));
    try (Belief belief = Belief.in(lease)) {
      failure.run();
      // Twice, since the answer to the first may have been under way.
      belief.awaitRenewal(BOUND);
      belief.awaitRenewal(BOUND);

      assertThat(belief.hasEnded()).isFalse();
      assertThat(belief.told().all()).isEmpty();
      assertThat(events.all(CoordinationEvent.Lost.class)).isEmpty();
      assertThat(events.all(CoordinationEvent.SessionLost.class)).isEmpty();
      assertThat(waiting).isNotDone();
    }
    lease.close();
    granted(get(waiting));
  }

  @Test
  void withoutAMajorityTheHolderIsToldInTimeAndTheWaiterIsServedWhenThereIsOneAgain() {
    StoreServer survivor = cluster.leader();
    List<StoreServer> victims = cluster.followers();
    List<StoreServer> members = new ArrayList<>(List.of(survivor));
    members.addAll(victims);
    Lease first = granted(get(acquire(joinShortLived("a", members))));
    CompletableFuture<Lease> waiting = acquire(joinShortLived("b", members));
    try (Belief belief = Belief.in(first)) {
      Recorder<Lease> second = new Recorder<>();
      waiting.thenAccept(second);
      belief.awaitRenewal(BOUND);
      victims.forEach(StoreServer::kill);
      // Until it notices, a leader may vouch for a moment more: the margin is long enough for that.
      long endedNanos = System.nanoTime();

      Moment<LossReason> told = belief.told().await("the loss", reason -> true);
      assertThat(told.what()).isEqualTo(LossReason.EXPIRED);
      assertThat(told.nanos() - endedNanos)
          .as("nanoseconds from the end of the majority until the loss was told")
          .isLessThan(fixture.ttl().toNanos());

      victims.forEach(StoreServer::start);
      cluster.awaitReady();
      granted(get(waiting));
      assertStoppedBefore(belief, second);
    }
  }

  @Test
  void theClientOfAFrozenLeaderStopsBelievingBeforeAnyoneElseAcquires() {
    StoreServer victim = cluster.leader();
    assertStopsBelieving(victim, StoreServer::pause, StoreServer::resume);
  }

  @Test
  void theClientOfAFrozenFollowerStopsBelievingBeforeAnyoneElseAcquires() {
    StoreServer victim = cluster.followers().get(0);
    assertStopsBelieving(victim, StoreServer::pause, StoreServer::resume);
  }

  /**
   * Checks that a client which is connected to one member only stops believing in its lease before
   * a client of the others acquires it, and goes on as a standby when the member is well again. For
   * subclasses whose store has failures of its own.
   *
   * @param victim the member that fails
   * @param failure fails it
   * @param repair makes it well again
   */
  protected final void assertStopsBelieving(
      StoreServer victim, Consumer<StoreServer> failure, Consumer<StoreServer> repair) {
    List<StoreServer> others = cluster.nodes().stream().filter(member -> member != victim).toList();
    CoordinationClient a = joinShortLived("a", List.of(victim));
    Lease first = granted(get(acquire(a)));
    CompletableFuture<Lease> waiting = acquire(joinShortLived("b", others));
    try (Belief belief = Belief.in(first)) {
      Recorder<Lease> second = new Recorder<>();
      waiting.thenAccept(second);
      belief.awaitRenewal(BOUND);
      failure.accept(victim);

      Lease next = granted(get(waiting));
      assertStoppedBefore(belief, second);
      CompletableFuture<Lease> again = acquire(a);
      repair.accept(victim);
      victim.awaitReady();
      next.close();
      granted(get(again));
      assertThat(belief.wasRevived()).isFalse();
    }
  }

  /** Compares the last moment of one belief with the first of the next. */
  private static void assertStoppedBefore(Belief belief, Recorder<Lease> next) {
    long acquiredAtNanos = next.await("the next holder", lease -> true).nanos();
    eventually(() -> assertThat(belief.hasEnded()).isTrue());
    long gapNanos = acquiredAtNanos - belief.heldAtNanos();
    log.info("the former holder stopped believing {} ms before the next acquired", gapNanos / 1e6);
    assertThat(gapNanos).as("from the end of one belief to the next, in ns").isPositive();
    assertThat(belief.told().await("the loss", reason -> true).nanos())
        .as("when the loss was told")
        .isLessThan(acquiredAtNanos);
    assertThat(belief.wasRevived()).isFalse();
  }

  private static Lease get(CompletableFuture<Lease> acquiring) {
    eventually(BOUND, () -> assertThat(acquiring).isDone());
    return answer(acquiring);
  }
}

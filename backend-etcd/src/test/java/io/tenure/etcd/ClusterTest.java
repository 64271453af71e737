package io.tenure.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.spi.Detail;
import io.tenure.spi.Enqueued;
import io.tenure.spi.EntrySpec;
import io.tenure.spi.QueueName;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import io.tenure.spi.StoreSession;
import io.tenure.testkit.server.NeedsStore;
import io.tenure.testkit.server.Servers;
import io.tenure.testkit.server.StoreCluster;
import io.tenure.testkit.server.StoreServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Three members: what a session goes through when they fail. */
@NeedsStore("etcd")
class ClusterTest {
  private static final Duration TTL = Duration.ofSeconds(10);
  private static final Duration LIMIT = Duration.ofSeconds(1);
  private static final int GHOSTS = 30;

  private static StoreConnection connect(StoreCluster cluster) {
    return connect(cluster, TTL);
  }

  private static StoreConnection connect(StoreCluster cluster, Duration ttl) {
    StoreConnection backend =
        EtcdBackend.connect(cluster.nodes().stream().map(StoreServer::url).toArray(String[]::new))
            .open(StoreTest.spec(ttl, LIMIT));
    return backend;
  }

  /** What heartbeats prove, those that fail left out, until one proves the whole time to live. */
  private static List<Duration> heartbeatsUntilProved(StoreSession session) throws Exception {
    List<Duration> proved = new ArrayList<>();
    Await.until(
        "a heartbeat proves the TTL",
        () -> {
          beat(session, proved);
          return proved.contains(TTL);
        });
    return proved;
  }

  private static void beat(StoreSession session, List<Duration> proved) {
    try {
      proved.add(session.heartbeat().toCompletableFuture().join());
    } catch (CompletionException e) {
      assertThat(((StoreException) e.getCause()).outcome()).isEqualTo(Outcome.NOT_DONE);
    }
  }

  @Test
  void aSessionOutlivesItsLeaderHoweverThatEnds() throws Exception {
    try (StoreCluster cluster = Servers.etcd().unsafeNoFsync().startCluster(3);
        StoreConnection backend = connect(cluster)) {
      StoreSession session = Await.answered(backend::openSession);
      QueueName queue = StoreTest.queue();
      EntrySpec spec = StoreTest.entry();
      Enqueued own = Await.answered(() -> session.enqueue(queue, spec));
      assertThat(heartbeatsUntilProved(session)).containsExactly(TTL);

      StoreServer frozen = cluster.leader();
      frozen.pause();
      long start = System.nanoTime();
      assertThat(heartbeatsUntilProved(session)).startsWith(Duration.ZERO);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(TTL);
      frozen.resume();

      cluster.leader().kill();
      assertThat(heartbeatsUntilProved(session)).startsWith(Duration.ZERO);
      assertThat(Await.answered(() -> backend.read(queue, Detail.NAMES)).entries())
          .singleElement()
          .matches(entry -> entry.order() == own.self().order());
    }
  }

  @Test
  void withoutAMajorityNothingIsProvedAndNothingWritten() throws Exception {
    try (StoreCluster cluster = Servers.etcd().unsafeNoFsync().startCluster(3);
        StoreConnection backend = connect(cluster)) {
      StoreSession session = Await.answered(backend::openSession);
      cluster.followers().forEach(StoreServer::kill);
      // The leader may still answer what it had begun to.
      Await.until("the first heartbeat fails", () -> !StoreTest.succeeds(session));
      for (int i = 0; i < 5; i++) {
        CompletionStage<Duration> heartbeat = session.heartbeat();
        CompletionStage<Enqueued> enqueue = session.enqueue(StoreTest.queue(), StoreTest.entry());
        assertThat(Await.outcome(heartbeat)).isEqualTo(Outcome.NOT_DONE);
        assertThat(Await.outcome(enqueue)).isEqualTo(Outcome.UNKNOWN);
      }
      cluster.nodes().stream().filter(node -> !node.isRunning()).forEach(StoreServer::start);
      cluster.awaitReady();
      assertThat(heartbeatsUntilProved(session)).contains(TTL);
    }
  }

  @Test
  void whatAFrozenMemberFindsInItsBuffersWhenItGoesOnMakesNoGhosts() throws Exception {
    try (StoreCluster cluster = Servers.etcd().unsafeNoFsync().startCluster(3);
        StoreConnection backend = connect(cluster, Duration.ofMinutes(5))) {
      StoreSession session = Await.answered(backend::openSession);
      QueueName queue = StoreTest.queue();
      StoreServer frozen = cluster.followers().get(0);
      frozen.pause();
      List<EntrySpec> specs = Stream.generate(StoreTest::entry).limit(GHOSTS).toList();
      // In turns to all members, so that some are lost with the frozen one.
      List<CompletionStage<Enqueued>> sent =
          specs.stream().map(spec -> session.enqueue(queue, spec)).toList();
      int unknown = 0;
      for (CompletionStage<Enqueued> each : sent) {
        unknown += each.handle((e, error) -> error == null ? 0 : 1).toCompletableFuture().join();
      }
      assertThat(unknown).isPositive();
      Set<EntrySpec> left = new HashSet<>(specs);
      Await.until("all are withdrawn", () -> withdraw(session, queue, left).isEmpty());
      assertThat(Await.answered(() -> backend.read(queue, Detail.NAMES)).entries()).isEmpty();

      frozen.resume();
      frozen.awaitReady();
      try (StoreConnection thawed =
          EtcdBackend.connect(frozen.url()).open(StoreTest.spec(TTL, LIMIT))) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < Duration.ofSeconds(2).toNanos()) {
          assertThat(Await.answered(() -> thawed.read(queue, Detail.NAMES)).entries()).isEmpty();
        }
      }
    }
  }

  /** Tries each once, at the same time, and leaves those of which nobody knows. */
  private static Set<EntrySpec> withdraw(
      StoreSession session, QueueName queue, Set<EntrySpec> specs) {
    Map<EntrySpec, CompletionStage<Boolean>> tries = new HashMap<>();
    specs.forEach(
        spec ->
            tries.put(
                spec,
                session.withdraw(queue, spec.id()).handle((removed, error) -> error == null)));
    tries.forEach(
        (spec, known) -> {
          if (known.toCompletableFuture().join()) {
            specs.remove(spec);
          }
        });
    return specs;
  }
}

package io.tenure.testkit.server;

import static io.tenure.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(300)
class ServersTest {
  /** Ten of the usual two seconds until a follower gives its leader up would be long here. */
  private static final Duration TICK = Duration.ofMillis(200);

  @ParameterizedTest
  @EnumSource
  void aKilledNodeComesBackWhereItWasWithWhatItHadAcknowledged(Store store) throws Exception {
    Client client = Client.of(store);
    try (StoreServer node = setup(store).start()) {
      String address = node.address();
      client.write(node, "key", "kept");

      node.kill();
      assertThat(node.isRunning()).isFalse();
      assertThatThrownBy(() -> Client.impatient(store).read(node, "key"))
          .isInstanceOf(Exception.class);
      node.restart();

      assertThat(node.address()).isEqualTo(address);
      assertThat(client.read(node, "key")).isEqualTo("kept");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPausedNodeAnswersNothingAndAResumedOneGoesOn(Store store) throws Exception {
    Client client = Client.of(store);
    try (StoreServer node = setup(store).start()) {
      OptionalLong pid = node.pid();
      client.write(node, "key", "kept");

      node.pause();
      assertThat(node.isRunning()).isTrue();
      assertThatThrownBy(() -> Client.impatient(store).read(node, "key"))
          .isInstanceOf(Exception.class);
      node.resume();

      eventually(() -> assertThat(client.read(node, "key")).isEqualTo("kept"));
      assertThat(node.pid()).isEqualTo(pid);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPausedNodeCanBeStoppedKilledAndClosedAndLeavesItsLogOnly(Store store) {
    StoreServer node = setup(store).start();
    List<Consumer<StoreServer>> ends =
        List.of(StoreServer::stop, StoreServer::kill, StoreServer::close);
    for (Consumer<StoreServer> end : ends) {
      if (!node.isRunning()) {
        node.start();
      }
      OptionalLong pid = node.pid();
      node.pause();
      end.accept(node);
      assertThat(pid.stream()).noneMatch(ServersTest::isAlive);
      assertThat(node.isRunning()).isFalse();
    }
    node.close();

    assertThat(node.log().stream())
        .allSatisfy(log -> assertThat(log).isNotEmptyFile())
        .allSatisfy(log -> assertThat(log.resolveSibling(node.name())).doesNotExist());
  }

  /** Whoever has just been elected may refuse for a moment: hence the second tries. */
  @ParameterizedTest
  @EnumSource
  void aClusterElectsAnotherLeaderWhenItsLeaderIsKilledOrPaused(Store store) {
    Client client = Client.of(store);
    List<Long> pids;
    try (StoreCluster cluster = setup(store).startCluster(3)) {
      eventually(() -> client.write(cluster.followers().get(0), "key", "kept"));
      StoreServer first = cluster.leader();

      first.kill();
      StoreServer second = cluster.leader();
      assertThat(second).isNotSameAs(first);
      eventually(() -> assertThat(client.read(second, "key")).isEqualTo("kept"));

      first.restart();
      second.pause();
      assertThat(cluster.leader()).isNotSameAs(second);
      second.resume();
      second.awaitReady();

      cluster.restartRolling();
      eventually(() -> assertThat(client.read(cluster.leader(), "key")).isEqualTo("kept"));
      assertThat(cluster.addresses()).contains(first.address(), second.address());

      pids = cluster.nodes().stream().flatMap(node -> node.pid().stream().boxed()).toList();
      assertThat(pids).doesNotHaveDuplicates().allMatch(ServersTest::isAlive);
      cluster.close();
      assertThat(cluster.nodes()).noneMatch(StoreServer::isRunning);
    }
    assertThat(pids).noneMatch(ServersTest::isAlive);
  }

  @ParameterizedTest
  @EnumSource
  void aNodeThatDoesNotStartSaysWhyAndIsPutAway(Store store) {
    ServerSetup setup = setup(store).arguments("--no-such-flag");

    assertThatThrownBy(setup::start)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("ended instead of serving")
        .hasMessageContaining("no-such-flag");
  }

  private static boolean isAlive(long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  private static ServerSetup setup(Store store) {
    ServerSetup setup = Setups.own(store);
    return store == Store.ZOOKEEPER ? setup.tick(TICK) : setup;
  }
}

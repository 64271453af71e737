package io.tenure.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.Expected;
import io.tenure.spi.ClientSpec;
import io.tenure.spi.Detail;
import io.tenure.spi.Entry;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import io.tenure.spi.StoreSession;
import io.tenure.spi.Traits;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.api.ACLProvider;
import org.apache.curator.retry.RetryOneTime;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.data.ACL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest extends StoreTest {
  private static final byte[] ALICE = bytes("alice:canary-secret");

  private ZooKeeperBackend.Builder asAlice() {
    return ZooKeeperBackend.builder(server.connectString())
        .authorization("digest", ALICE)
        .acl(Ids.CREATOR_ALL_ACL);
  }

  private static final class CreatorOnly implements ACLProvider {
    @Override
    public List<ACL> getDefaultAcl() {
      return Ids.CREATOR_ALL_ACL;
    }

    @Override
    public List<ACL> getAclForPath(String path) {
      return Ids.CREATOR_ALL_ACL;
    }
  }

  /** Uses everything that makes a node. */
  private static Entry useAll(StoreSession session) throws Exception {
    Entry self = enqueue(session, "me").self();
    Await.get(
        session.write(Optional.of(self), List.of(put("ns/cell/a", Expected.absent(), "one"))));
    Await.get(
        session.write(
            Optional.of(self), List.of(put("ns/cell/a", Expected.value(bytes("one")), "two"))));
    return self;
  }

  private void assertEveryNodeBelongsTo(String path, String user) throws Exception {
    CuratorFramework alice =
        curator(CuratorFrameworkFactory.builder().authorization("digest", ALICE));
    assertThat(alice.getACL().forPath(path))
        .as(path)
        .singleElement()
        .satisfies(acl -> assertThat(acl.getId().getId()).startsWith(user + ":"));
    for (String child : server.children(path)) {
      assertEveryNodeBelongsTo(path + "/" + child, user);
    }
  }

  @Test
  void everyNodeGetsTheAclOfTheSettings() throws Exception {
    StoreSession session = Await.get(started(asAlice()).openSession());

    useAll(session);

    assertEveryNodeBelongsTo("/tenure", "alice");
  }

  @Test
  void everyNodeGetsTheAclOfTheFrameworkAndStandsInItsNamespace() throws Exception {
    CuratorFramework shared =
        curator(
            CuratorFrameworkFactory.builder()
                .namespace("team/a")
                .authorization("digest", ALICE)
                .aclProvider(new CreatorOnly()));
    StoreConnection backend = started(ZooKeeperBackend.builder(shared).root("/locks"));
    StoreSession session = Await.get(backend.openSession());

    Entry self = useAll(session);

    assertThat(self.locator()).startsWith("/team/a/locks/test/lock/a%2Fb/w.");
    assertThat(server.exists(self.locator())).isTrue();
    assertThat(server.exists("/team/a/locks/ns/cell/a")).isTrue();
    assertThat(Await.get(backend.read(QUEUE, Detail.PAYLOADS)).entries()).hasSize(1);
    assertEveryNodeBelongsTo("/team", "alice");
    Await.get(session.remove(self));
    assertThat(shared.getChildren().forPath("/locks/test/lock")).hasSize(1);
  }

  @Test
  void aFrameworksNamespacedViewIsRespected() throws Exception {
    CuratorFramework view = curator().usingNamespace("view");
    StoreSession session = Await.get(started(ZooKeeperBackend.builder(view)).openSession());

    assertThat(enqueue(session, "me").self().locator()).startsWith("/view/tenure/");
  }

  @Test
  void whoMayNotIsRefusedAndNothingIsSaidOfTheSecret() throws Exception {
    Entry held = useAll(Await.get(started(asAlice()).openSession()));
    StoreConnection bob =
        started(
            ZooKeeperBackend.builder(server.connectString())
                .authorization("digest", bytes("bob:canary-secret")));
    StoreSession session = Await.get(bob.openSession());

    StoreException enqueue = Await.failure(session.enqueue(QUEUE, entry("bob")));
    assertThat(enqueue.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(enqueue).hasStackTraceContaining("NOAUTH").message().doesNotContain("canary");
    assertThat(Await.outcome(session.remove(held))).isEqualTo(Outcome.REFUSED);
    assertThat(Await.outcome(bob.read(QUEUE, Detail.NAMES))).isEqualTo(Outcome.REFUSED);
    assertThat(Await.outcome(bob.get("ns/cell/a"))).isEqualTo(Outcome.REFUSED);
    assertThat(Await.outcome(bob.write(List.of(put("ns/cell/b", Expected.absent(), "x")))))
        .isEqualTo(Outcome.REFUSED);
    assertThat(Await.outcome(session.awaitDeparture(held, 0).departed()))
        .isEqualTo(Outcome.REFUSED);
    assertThat(bob.toString()).doesNotContain("canary");
  }

  @Test
  void severalCredentialsAllCount() throws Exception {
    useAll(Await.get(started(asAlice()).openSession()));
    StoreConnection both =
        started(
            ZooKeeperBackend.builder(server.connectString())
                .authorization("digest", bytes("bob:x"))
                .authorization("digest", ALICE));

    assertThat(Await.get(both.get("ns/cell/a"))).isPresent();
  }

  @Test
  void credentialsThatTheServerDoesNotTakeAreRefusedEachTime() throws Exception {
    StoreConnection backend =
        closeLater(
            ZooKeeperBackend.builder(server.connectString())
                .authorization("no-such-scheme", bytes("x"))
                .tickTime(TICK)
                .build()
                .open(spec(TTL, Duration.ofSeconds(1))));
    Await.until("refused", () -> isOutcome(Outcome.REFUSED, backend.read(QUEUE, Detail.NAMES)));

    // The client behind it is another one each time: Curator would keep the refused one for ever.
    Await.until("again", () -> isOutcome(Outcome.REFUSED, backend.read(QUEUE, Detail.NAMES)));
    Await.until("and again", () -> isOutcome(Outcome.REFUSED, backend.openSession()));
  }

  @Test
  void aChrootThatExistsIsUsed() throws Exception {
    curator().create().creatingParentsIfNeeded().forPath("/apps/one", new byte[0]);
    StoreSession session = Await.get(connect(server.connectString() + "/apps/one").openSession());

    Entry self = useAll(session);

    assertThat(server.exists("/apps/one" + self.locator())).isTrue();
    Await.get(session.remove(self));
    Await.get(session.awaitDeparture(self, 0).departed());
  }

  @Test
  void aChrootThatDoesNotExistIsNamed() throws Exception {
    StoreSession session = Await.get(connect(server.connectString() + "/missing").openSession());

    StoreException failure = Await.failure(session.enqueue(QUEUE, entry("me")));

    assertThat(failure.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(failure).hasMessageContaining("chroot");
  }

  @Test
  void theRootOfTheStoreCanBeTheRoot() throws Exception {
    ZooKeeperBackend.Builder builder = ZooKeeperBackend.builder(server.connectString()).root("/");

    Entry self = useAll(Await.get(started(builder).openSession()));

    assertThat(self.locator()).startsWith("/test/lock/");
  }

  @Test
  void theTraitsFollowTheTick() {
    Traits traits =
        ZooKeeperBackend.builder("localhost").tickTime(Duration.ofSeconds(10)).build().traits();

    assertThat(traits.store()).isEqualTo("ZooKeeper");
    assertThat(traits.minTtl()).isEqualTo(Duration.ofSeconds(20));
    assertThat(traits.defaultTtl()).isEqualTo(Duration.ofSeconds(20));
    assertThat(traits.worstExpiry(Duration.ofSeconds(20))).isEqualTo(Duration.ofSeconds(31));
    assertThat(ZooKeeperBackend.connect("localhost").traits().defaultTtl())
        .isEqualTo(Duration.ofSeconds(15));
  }

  @Test
  void onTheUsersFrameworkItsTimeoutIsTheDefault() throws Exception {
    ZooKeeperBackend backend = ZooKeeperBackend.builder(curator()).tickTime(TICK).build();

    assertThat(backend.traits().defaultTtl()).isEqualTo(TTL);
  }

  @Test
  void anotherTimeToLiveThanTheFrameworksTimeoutIsRefusedWithBoth() throws Exception {
    ZooKeeperBackend backend = ZooKeeperBackend.builder(curator()).tickTime(TICK).build();

    assertThatThrownBy(() -> backend.open(spec(Duration.ofSeconds(1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PT1S")
        .hasMessageContaining("PT2S");
  }

  @Test
  void anotherTimeToLiveIsRefusedWhenTheFrameworkIsOnlyConnectedLater() throws Exception {
    server.stop();
    CuratorFramework shared =
        closeLater(
            CuratorFrameworkFactory.builder()
                .connectString(server.connectString())
                .sessionTimeoutMs(2_000)
                .connectionTimeoutMs(2_000)
                .retryPolicy(new RetryOneTime(10))
                .build());
    shared.start();
    StoreConnection backend =
        closeLater(
            ZooKeeperBackend.builder(shared)
                .tickTime(TICK)
                .build()
                .open(spec(Duration.ofSeconds(1))));
    server.restart();

    assertThat(Await.outcome(backend.openSession())).isEqualTo(Outcome.REFUSED);
  }

  @Test
  void aTimeToLiveThatIsTooShortForTheTickIsRefused() {
    ZooKeeperBackend backend = ZooKeeperBackend.connect("localhost");

    assertThatThrownBy(() -> backend.open(spec(Duration.ofSeconds(3))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ticks");
  }

  @Test
  void aTimeToLiveThatIsTooLongIsRefused() {
    ZooKeeperBackend backend = ZooKeeperBackend.connect("localhost");

    assertThatThrownBy(() -> backend.open(spec(Duration.ofHours(2))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at most PT1H");
  }

  @Test
  void renewalsThatLeaveNoTimeForTheProofAreRefused() {
    ZooKeeperBackend backend = ZooKeeperBackend.connect("localhost");

    assertThatThrownBy(
            () ->
                backend.open(
                    new ClientSpec(
                        "tester",
                        Duration.ofSeconds(15),
                        Duration.ofSeconds(6),
                        Duration.ofMillis(1600),
                        Duration.ofSeconds(5))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must hold two renewals every PT6S");
  }

  @Test
  void aTickThatIsSetLongerThanTheServersIsNoticed() throws Exception {
    // The server grants 2 s at most, which is less than two of these ticks.
    StoreConnection backend =
        closeLater(
            ZooKeeperBackend.builder(server.connectString())
                .tickTime(Duration.ofSeconds(2))
                .build()
                .open(spec(Duration.ofSeconds(15))));

    StoreException failure = Await.failure(backend.openSession());

    assertThat(failure.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(failure).hasMessageContaining("ticks of PT2S, but this is PT2S");
  }

  @Test
  void watchesThatEndWithTheConnectionAreRefused() throws Exception {
    ZKClientConfig config = new ZKClientConfig();
    config.setProperty(ZKClientConfig.DISABLE_AUTO_WATCH_RESET, "true");
    StoreConnection backend =
        started(ZooKeeperBackend.builder(server.connectString()).clientConfig(config));

    assertThat(Await.outcome(backend.openSession())).isEqualTo(Outcome.REFUSED);
  }

  @Test
  void settingsOfTheConnectionBelongToTheUsersFramework() throws Exception {
    ZooKeeperBackend.Builder builder = ZooKeeperBackend.builder(curator());

    assertThatThrownBy(() -> builder.authorization("digest", ALICE))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Curator framework");
    assertThatThrownBy(() -> builder.acl(Ids.CREATOR_ALL_ACL))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> builder.clientConfig(new ZKClientConfig()))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aFrameworkThatIsNotStartedIsRefused() {
    CuratorFramework latent = CuratorFrameworkFactory.newClient("localhost", new RetryOneTime(1));

    assertThatThrownBy(() -> ZooKeeperBackend.using(latent))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("LATENT");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  ", ",", "host:port", "host:2181chroot", "host/a//b", "host/a/"})
  void aMalformedConnectStringIsRefused(String connectString) {
    assertThatThrownBy(() -> ZooKeeperBackend.connect(connectString))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("connect string");
  }

  @Test
  void otherMalformedSettingsAreRefused() {
    ZooKeeperBackend.Builder builder = ZooKeeperBackend.builder("localhost");

    assertThatThrownBy(() -> builder.root("relative")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.tickTime(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PT0S");
    assertThatThrownBy(() -> builder.acl(List.of())).isInstanceOf(IllegalArgumentException.class);
  }
}

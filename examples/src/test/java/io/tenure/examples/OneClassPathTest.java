package io.tenure.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.CoordinationClient;
import io.tenure.Lease;
import io.tenure.etcd.EtcdBackend;
import io.tenure.spi.Backend;
import io.tenure.testkit.server.NeedsStore;
import io.tenure.testkit.server.SelfSigned;
import io.tenure.testkit.server.Servers;
import io.tenure.testkit.server.StoreServer;
import io.tenure.testkit.server.TlsFiles;
import io.tenure.zookeeper.ZooKeeperBackend;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.recipes.locks.InterProcessMutex;
import org.apache.curator.retry.RetryOneTime;
import org.apache.zookeeper.client.ZKClientConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * An application that has Curator for purposes of its own, and all of our backends beside it: gRPC
 * and ZooKeeper's client share one Netty, though each asks for another.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@NeedsStore({"etcd", "zookeeper"})
final class OneClassPathTest {
  private static final String VERSION = "4.2.15.Final";
  private static final String VERSIONS = "META-INF/io.netty.versions.properties";

  @TempDir private Path directory;

  @Test
  void curatorAndOurEtcdBackendHoldTheirLocksAtTheSameTimeBothOverNettyWithTls() throws Exception {
    TlsFiles tls = SelfSigned.in(directory);
    ZKClientConfig secure = netty();
    secure.setProperty(ZKClientConfig.SECURE_CLIENT, "true");
    secure.setProperty("zookeeper.ssl.trustStore.location", tls.authority().toString());
    try (StoreServer zookeeper = Servers.zookeeper().unsafeNoFsync().tls(tls).start();
        StoreServer etcd = Servers.etcd().unsafeNoFsync().tls(tls).start();
        CuratorFramework curator = started(zookeeper, secure);
        CoordinationClient client =
            client(EtcdBackend.builder(etcd.url()).trust(tls.authority()).build())) {
      InterProcessMutex theirs = new InterProcessMutex(curator, "/theirs");
      assertThat(theirs.acquire(30, TimeUnit.SECONDS)).isTrue();
      try (Lease ours = client.lock("ours").acquire()) {
        assertThat(theirs.isAcquiredInThisProcess()).isTrue();
        assertThat(ours.isHeld()).isTrue();
        assertThat(client.lock("ours").holder()).isPresent();
        assertThat(curator.getChildren().forPath("/theirs")).hasSize(1);
      }
      theirs.release();
      assertThat(curator.getChildren().forPath("/theirs")).isEmpty();
      assertThat(client.lock("ours").holder()).isEmpty();
    }
  }

  @Test
  void bothOfOurBackendsHoldALockAtTheSameTimeOneOnTheApplicationsOwnFramework() throws Exception {
    try (StoreServer zookeeper = Servers.zookeeper().unsafeNoFsync().start();
        StoreServer etcd = Servers.etcd().unsafeNoFsync().start();
        CuratorFramework curator = started(zookeeper, netty());
        CoordinationClient onZooKeeper =
            CoordinationClient.create(ZooKeeperBackend.using(curator));
        CoordinationClient onEtcd = client(EtcdBackend.connect(etcd.url()));
        Lease one = onZooKeeper.lock("same name").acquire();
        Lease other = onEtcd.lock("same name").acquire()) {
      assertThat(one.isHeld()).isTrue();
      assertThat(other.isHeld()).isTrue();
    }
  }

  @Test
  void allOfNettyIsOfOneVersion() throws IOException {
    assertThat(nettyJars())
        .contains(
            "netty-codec-http2 " + VERSION, // gRPC's
            "netty-handler " + VERSION, // everybody's
            "netty-resolver-dns " + VERSION, // Vert.x's
            "netty-transport-classes-epoll " + VERSION) // ZooKeeper's
        .allMatch(jar -> jar.endsWith(" " + VERSION));
  }

  private static ZKClientConfig netty() {
    ZKClientConfig config = new ZKClientConfig();
    config.setProperty(
        ZKClientConfig.ZOOKEEPER_CLIENT_CNXN_SOCKET, "org.apache.zookeeper.ClientCnxnSocketNetty");
    return config;
  }

  private static CuratorFramework started(StoreServer zookeeper, ZKClientConfig config)
      throws InterruptedException {
    CuratorFramework curator =
        CuratorFrameworkFactory.builder()
            .connectString(zookeeper.address())
            .sessionTimeoutMs((int) Duration.ofSeconds(30).toMillis())
            .retryPolicy(new RetryOneTime(1_000))
            .zkClientConfig(config)
            .build();
    curator.start();
    assertThat(curator.blockUntilConnected(30, TimeUnit.SECONDS)).isTrue();
    return curator;
  }

  private static CoordinationClient client(Backend backend) {
    return CoordinationClient.builder(backend).leaseTtl(Duration.ofSeconds(30)).build();
  }

  /** The jars of Netty tell their names and versions. */
  private static Set<String> nettyJars() throws IOException {
    Set<String> jars = new TreeSet<>();
    ClassLoader loader = OneClassPathTest.class.getClassLoader();
    for (URL file : Collections.list(loader.getResources(VERSIONS))) {
      Properties properties = new Properties();
      try (InputStream stream = file.openStream()) {
        properties.load(stream);
      }
      properties.stringPropertyNames().stream()
          .filter(key -> key.endsWith(".version"))
          .forEach(key -> jars.add(key.replace(".version", " ") + properties.getProperty(key)));
    }
    return jars;
  }
}

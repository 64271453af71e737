package io.tenure.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tenure.ClientBuilder;
import io.tenure.LossReason;
import io.tenure.testkit.server.NeedsStore;
import io.tenure.testkit.server.Servers;
import io.tenure.testkit.server.StoreServer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterEach;

/**
 * A new, empty ZooKeeper in the place of the one that was. It does not let a client in that knows
 * newer transactions than its own, so the holder is not told why, but it ends all the same.
 */
@NeedsStore("zookeeper")
class ZooKeeperReplacedTest extends LostHistoryContract {
  private static final Duration TICK = Duration.ofMillis(500);

  private final StoreServer server =
      Servers.zookeeper().processes().unsafeNoFsync().tick(TICK).start();

  @AfterEach
  void stop() {
    server.close();
  }

  @Override
  String uri() {
    return "zookeeper://" + server.address() + "?tick=500ms";
  }

  @Override
  void settle(ClientBuilder builder) {
    builder.leaseTtl(Duration.ofSeconds(10));
  }

  @Override
  LossReason told() {
    return LossReason.EXPIRED;
  }

  @Override
  void loseHistory() {
    server.restartEmpty();
  }

  @Override
  void writeGeneration(String text) throws Exception {
    CountDownLatch connected = new CountDownLatch(1);
    try (ZooKeeper operator =
        new ZooKeeper(
            server.address(),
            30_000,
            event -> {
              if (event.getState() == KeeperState.SyncConnected) {
                connected.countDown();
              }
            })) {
      if (!connected.await(30, TimeUnit.SECONDS)) {
        throw new AssertionError("not connected");
      }
      write(operator, "/tenure", "");
      write(operator, "/tenure/shop", "");
      write(operator, "/tenure/shop/generation", text);
    }
  }

  private static void write(ZooKeeper operator, String path, String text) throws Exception {
    if (operator.exists(path, false) == null) {
      operator.create(path, text.getBytes(UTF_8), Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    } else {
      operator.setData(path, text.getBytes(UTF_8), -1);
    }
  }
}

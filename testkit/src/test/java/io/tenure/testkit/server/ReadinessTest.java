package io.tenure.testkit.server;

import static io.tenure.testkit.Eventually.eventually;
import static io.tenure.testkit.Eventually.throughout;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ReadinessTest {
  /** ZooKeeper opens its secure port after the plain one, at which it is asked how it is. */
  @Test
  void aNodeThatSaysThatItIsWellIsNotReadyBeforeItListensForItsClients() throws Exception {
    int port = Ports.free(EnumSet.of(Port.CLIENT)).get(Port.CLIENT);
    WellType type = new WellType();
    StoreServer node =
        new StoreServer(
            "n1",
            type,
            Options.DEFAULTS,
            new ForeignVessel(Store.ZOOKEEPER, "here"),
            new Cables(),
            "127.0.0.1:" + port,
            "127.0.0.1:1",
            "made up");
    CompletableFuture<Void> waiting = CompletableFuture.runAsync(node::awaitReady);
    eventually(() -> assertThat(type.asked).hasPositiveValue());
    throughout(Duration.ofMillis(200), () -> assertThat(type.found).hasValue(0));
    try (ServerSocket clients = new ServerSocket(port, 50, InetAddress.getLoopbackAddress())) {
      assertThat(clients.isBound()).isTrue();
      eventually(() -> assertThat(type.found).hasPositiveValue());
    }
    type.wrong = true;
    assertThat(waiting).failsWithin(Duration.ofSeconds(20));
  }

  /** Says that it is well, and can be found out to be ready by being asked for its version. */
  private static final class WellType implements StoreType {
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger found = new AtomicInteger();
    private volatile boolean wrong;

    @Override
    public boolean isReady(String statusAddress, Options options) {
      if (wrong) {
        throw new IllegalStateException("the test is over");
      }
      asked.incrementAndGet();
      return true;
    }

    @Override
    public String version(String statusAddress, Options options) throws IOException {
      found.incrementAndGet();
      throw new IOException("made up");
    }

    @Override
    public Store store() {
      return Store.ZOOKEEPER;
    }

    @Override
    public Optional<String> image() {
      return Optional.empty();
    }

    @Override
    public Set<Port> ports(Options options) {
      return EnumSet.of(Port.CLIENT);
    }

    @Override
    public Launch launch(Place self, List<Place> all, Options options, String version) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean isLeader(String statusAddress, Options options) {
      return true;
    }

    @Override
    public void check(Options options) {}
  }
}

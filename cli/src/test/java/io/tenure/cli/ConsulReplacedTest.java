package io.tenure.cli;

import io.tenure.ClientBuilder;
import io.tenure.LossReason;
import io.tenure.testkit.server.NeedsStore;
import io.tenure.testkit.server.Servers;
import io.tenure.testkit.server.StoreServer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;

/** A fresh Consul in the place of the one that was. */
@NeedsStore("consul")
class ConsulReplacedTest extends LostHistoryContract {
  private final StoreServer server = Servers.consul().processes().start();

  @AfterEach
  void stop() {
    server.close();
  }

  @Override
  String uri() {
    return "consul://" + server.address();
  }

  @Override
  void settle(ClientBuilder builder) {
    builder.renewEvery(Duration.ofMillis(500));
  }

  @Override
  LossReason told() {
    return LossReason.STORE_REGRESSED;
  }

  @Override
  void loseHistory() {
    server.restartEmpty();
  }

  @Override
  void writeGeneration(String text) throws Exception {
    Rest.send("PUT", server.url() + "/v1/kv/tenure/shop/generation", text);
  }
}

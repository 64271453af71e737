package io.tenure.consul;

import io.tenure.spi.Backend;
import io.tenure.spi.QueueName;
import io.tenure.testkit.BackendFixture;
import io.tenure.testkit.Link;
import io.tenure.testkit.TcpProxy;
import io.tenure.testkit.server.Servers;
import io.tenure.testkit.server.StoreServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * A real Consul server, as the contract sees it.
 *
 * <p>Its shortest TTL is lowered to what a test can wait for; twice that is what Consul needs to
 * give up a session. All clients of the contract connect from one address, up to 51 at a time, so
 * its limit of connections is raised.
 */
final class ConsulFixture implements BackendFixture {
  private static final String ROOT = "tenure/";
  private static final String CONNECTIONS = "{\"limits\": {\"http_max_conns_per_client\": 2000}}";

  private final StoreServer server =
      Servers.consul().configuration(Operator.SETTINGS).configuration(CONNECTIONS).start();
  private final Operator operator = Operator.of(server);
  private long writesOfFormerRuns;

  /** Where other processes connect. */
  String url() {
    return server.url();
  }

  @Override
  public String store() {
    return server.description();
  }

  @Override
  public Backend newBackend() {
    return backend(server.url());
  }

  /** With short waits, since a server forgets a query of a closed client only when it is over. */
  static ConsulBackend backend(String url) {
    return ConsulBackend.builder(url)
        .sessionTtlMin(Duration.ofSeconds(1))
        .longestWait(Duration.ofMillis(250))
        .build();
  }

  @Override
  public Link newLink() {
    try {
      TcpProxy cable = TcpProxy.to(server.host(), server.port());
      return Link.through(cable, backend("http://" + cable.address()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Duration ttl() {
    return Duration.ofSeconds(2);
  }

  @Override
  public Duration renewEvery() {
    return Duration.ofMillis(300);
  }

  @Override
  public Duration safetyMargin() {
    return Duration.ofMillis(500);
  }

  @Override
  public long writes() {
    return writesOfFormerRuns + operator.writes();
  }

  @Override
  public void expireSession(String sessionId) {
    operator.destroySession(sessionId);
  }

  @Override
  public List<String> keys(String path) {
    return operator.keys(ROOT + path + "/");
  }

  @Override
  public void plantForeign(QueueName queue, String name, byte[] bytes) {
    operator.put(
        Keys.url(ROOT + queue.path() + "/" + name), new String(bytes, StandardCharsets.UTF_8));
  }

  @Override
  public void deleteEntry(QueueName queue, String entryId) {
    for (String key : keys(queue.path())) {
      if (key.endsWith("." + entryId)) {
        operator.delete(Keys.url(key));
      }
    }
  }

  @Override
  public void deleteQueue(QueueName queue) {
    operator.delete(Keys.url(ROOT + queue.path() + "/") + "?recurse");
  }

  @Override
  public int sessions() {
    return operator.sessions().size();
  }

  @Override
  public int watches() {
    return operator.heldBack();
  }

  /** They are named like those of the core. */
  @Override
  public boolean isClientThread(Thread thread) {
    return false;
  }

  @Override
  public boolean restart() {
    // The server counts from its start.
    writesOfFormerRuns = writes();
    server.restart();
    return true;
  }

  @Override
  public void close() {
    server.close();
  }
}

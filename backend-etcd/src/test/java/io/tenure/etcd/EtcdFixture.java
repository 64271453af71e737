package io.tenure.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.spi.Backend;
import io.tenure.spi.QueueName;
import io.tenure.testkit.BackendFixture;
import io.tenure.testkit.Link;
import io.tenure.testkit.TcpProxy;
import io.tenure.testkit.server.Servers;
import io.tenure.testkit.server.StoreServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;

/** One etcd server, as the contract sees it. */
final class EtcdFixture implements BackendFixture {
  private static final String ROOT = "tenure/";

  private final StoreServer server = Servers.etcd().unsafeNoFsync().start();
  private final Etcd etcd = Etcd.at(server);

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
    return EtcdBackend.connect(server.url());
  }

  @Override
  public Link newLink() {
    try {
      TcpProxy cable = TcpProxy.to(server.host(), server.port());
      return Link.through(cable, EtcdBackend.connect("http://" + cable.address()));
    } catch (IOException e) {
      throw new UncheckedIOException("no cable can be laid", e);
    }
  }

  /** The least that etcd grants. */
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
    return Duration.ofMillis(400);
  }

  @Override
  public long writes() {
    return etcd.revision();
  }

  @Override
  public void expireSession(String sessionId) {
    etcd.revoke(sessionId);
  }

  @Override
  public List<String> keys(String path) {
    return etcd.keys(ROOT + path + "/");
  }

  @Override
  public void plantForeign(QueueName queue, String name, byte[] bytes) {
    etcd.put(ROOT + queue.path() + "/" + name, bytes);
  }

  @Override
  public void deleteEntry(QueueName queue, String entryId) {
    List<String> found =
        etcd.keys(ROOT + queue.path() + "/").stream()
            .filter(key -> key.endsWith("." + entryId))
            .toList();
    assertThat(found).as("entry %s", entryId).hasSize(1);
    etcd.delete(found.get(0));
  }

  @Override
  public void deleteQueue(QueueName queue) {
    etcd.deleteUnder(ROOT + queue.path() + "/");
  }

  @Override
  public int sessions() {
    return etcd.leases().size();
  }

  @Override
  public int watches() {
    return (int) etcd.metric("etcd_debugging_mvcc_watcher_total");
  }

  /** gRPC's threads are shared by all clients of a JVM, this fixture's own included. */
  @Override
  public boolean isClientThread(Thread thread) {
    return false;
  }

  @Override
  public boolean restart() {
    server.restart();
    return true;
  }

  @Override
  public void close() {
    etcd.close();
    server.close();
  }
}

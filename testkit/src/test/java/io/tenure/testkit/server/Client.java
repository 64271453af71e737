package io.tenure.testkit.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.testkit.Eventually;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;

/** The least that it takes to write something into a store and read it again. */
interface Client {
  void write(StoreServer node, String key, String value) throws Exception;

  String read(StoreServer node, String key) throws Exception;

  /** A client that waits as long as a busy machine may take. */
  static Client of(Store store) {
    return of(store, Eventually.BOUND);
  }

  /** A client that does not: to see that nobody answers. */
  static Client impatient(Store store) {
    return of(store, Duration.ofSeconds(1));
  }

  private static Client of(Store store, Duration timeout) {
    return switch (store) {
      case ETCD -> new Etcd(timeout);
      case CONSUL -> new Consul(timeout);
      case ZOOKEEPER -> new Zk(timeout);
    };
  }

  static String http(String method, String url, String body, Duration timeout)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .timeout(timeout)
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> response =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(response.statusCode() + ": " + response.body());
    }
    return response.body();
  }

  /** Through the JSON gateway. */
  record Etcd(Duration timeout) implements Client {
    @Override
    public void write(StoreServer node, String key, String value) throws Exception {
      String body = "{\"key\": \"%s\", \"value\": \"%s\"}".formatted(encode(key), encode(value));
      http("POST", node.url() + "/v3/kv/put", body, timeout);
    }

    @Override
    public String read(StoreServer node, String key) throws Exception {
      String body = "{\"key\": \"%s\"}".formatted(encode(key));
      String answer = http("POST", node.url() + "/v3/kv/range", body, timeout);
      String value = answer.replaceFirst(".*\"value\":\"([^\"]+)\".*", "$1");
      return new String(Base64.getDecoder().decode(value), UTF_8);
    }

    private static String encode(String text) {
      return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }
  }

  record Consul(Duration timeout) implements Client {
    @Override
    public void write(StoreServer node, String key, String value) throws Exception {
      http("PUT", node.url() + "/v1/kv/" + key, value, timeout);
    }

    @Override
    public String read(StoreServer node, String key) throws Exception {
      return http("GET", node.url() + "/v1/kv/" + key + "?consistent&raw", "", timeout);
    }
  }

  record Zk(Duration timeout) implements Client {
    @Override
    public void write(StoreServer node, String key, String value) throws Exception {
      try (ZooKeeper client = connect(node)) {
        client.create(
            "/" + key, value.getBytes(UTF_8), ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
      } catch (KeeperException.NodeExistsException e) {
        // An attempt whose answer was lost has written it.
        assertThat(read(node, key)).isEqualTo(value);
      }
    }

    @Override
    public String read(StoreServer node, String key) throws Exception {
      try (ZooKeeper client = connect(node)) {
        return new String(client.getData("/" + key, false, null), UTF_8);
      }
    }

    private ZooKeeper connect(StoreServer node) throws Exception {
      CountDownLatch connected = new CountDownLatch(1);
      ZooKeeper client =
          new ZooKeeper(
              node.address(),
              10_000,
              event -> {
                if (event.getState() == KeeperState.SyncConnected) {
                  connected.countDown();
                }
              });
      if (!connected.await(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
        client.close(100);
        throw KeeperException.create(KeeperException.Code.CONNECTIONLOSS);
      }
      return client;
    }
  }
}

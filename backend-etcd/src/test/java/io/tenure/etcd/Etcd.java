package io.tenure.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.LeaseOption;
import io.tenure.testkit.server.StoreServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An operator's view of a server: what stands in it, and what it counts. */
final class Etcd implements AutoCloseable {
  private static final long BOUND_SECONDS = 20;
  private static final Pattern LEASE = Pattern.compile("\"ID\":\"(-?\\d+)\"");

  private final StoreServer server;
  private final Client client;
  private final HttpClient http = HttpClient.newHttpClient();

  private Etcd(StoreServer server, Client client) {
    this.server = server;
    this.client = client;
  }

  static Etcd at(StoreServer server) {
    return new Etcd(server, Client.builder().endpoints(server.url()).build());
  }

  /** A view with an operator's rights, or through TLS. */
  static Etcd through(StoreServer server, Client client) {
    return new Etcd(server, client);
  }

  static ByteSequence bytes(String text) {
    return ByteSequence.from(text, UTF_8);
  }

  static <T> T get(CompletableFuture<T> answer) {
    try {
      return answer.get(BOUND_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for etcd", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError("etcd did not answer", e);
    }
  }

  Client client() {
    return client;
  }

  /** The number of writes so far, as etcd itself counts them. */
  long revision() {
    return get(client.getKVClient().get(bytes("\0"))).getHeader().getRevision();
  }

  List<KeyValue> under(String prefix) {
    return get(client.getKVClient().get(bytes(prefix), GetOption.builder().isPrefix(true).build()))
        .getKvs();
  }

  List<String> keys(String prefix) {
    GetOption keysOnly = GetOption.builder().isPrefix(true).withKeysOnly(true).build();
    return get(client.getKVClient().get(bytes(prefix), keysOnly)).getKvs().stream()
        .map(kv -> kv.getKey().toString(UTF_8))
        .toList();
  }

  void put(String key, byte[] value) {
    get(client.getKVClient().put(bytes(key), ByteSequence.from(value)));
  }

  void delete(String key) {
    get(client.getKVClient().delete(bytes(key)));
  }

  void deleteUnder(String prefix) {
    get(client.getKVClient().delete(bytes(prefix), DeleteOption.builder().isPrefix(true).build()));
  }

  void compact() {
    get(client.getKVClient().compact(revision()));
  }

  void revoke(String leaseId) {
    get(client.getLeaseClient().revoke(Long.parseLong(leaseId, 16)));
  }

  /** Where a session's lease is, in seconds; not positive if it is gone. */
  long remainingSeconds(String leaseId) {
    return get(client.getLeaseClient().timeToLive(Long.parseLong(leaseId, 16), LeaseOption.DEFAULT))
        .getTTL();
  }

  /** Every lease that the server has. */
  List<String> leases() {
    String body =
        send(
            HttpRequest.newBuilder(URI.create("http://" + server.address() + "/v3/lease/leases"))
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build());
    Matcher matcher = LEASE.matcher(body);
    return matcher
        .results()
        .map(found -> Long.toHexString(Long.parseLong(found.group(1))))
        .toList();
  }

  /** One of the numbers that the server publishes. */
  long metric(String name) {
    String body =
        send(
            HttpRequest.newBuilder(URI.create("http://" + server.statusAddress() + "/metrics"))
                .build());
    return body.lines()
        .filter(line -> line.startsWith(name + " "))
        .map(line -> (long) Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("etcd has no metric " + name));
  }

  private String send(HttpRequest request) {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for etcd", e);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}

package io.tenure.consul;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.tenure.testkit.server.StoreServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an operator can see and do behind the clients' backs, through one agent's plain HTTP. */
final class Operator {
  /**
   * What {@link #writes} and {@link #heldBack} need of a server, and a TTL that a test can wait.
   */
  static final String SETTINGS =
      """
      {
        "session_ttl_min": "1s",
        "disable_coordinates": true,
        "enable_debug": true,
        "telemetry": {"prometheus_retention_time": "24h", "disable_hostname": true}
      }
      """;

  private static final Pattern WRITES = Pattern.compile("(?m)^consul_raft_apply (\\S+)$");
  private static final Pattern BETWEEN_STACKS = Pattern.compile("\n\n");
  private static final String AT_WORK_ON_KEYS = "consul.(*KVS).";
  private static final String UNTIL_A_CHANGE = "go-memdb.WatchSet.Watch";

  private final HttpClient http = HttpClient.newHttpClient();
  private final String url;
  private final String token;

  Operator(StoreServer server, String token) {
    this.url = "http://" + server.statusAddress();
    this.token = token;
  }

  static Operator of(StoreServer server) {
    return new Operator(server, "");
  }

  String get(String path) {
    return answer("GET", path, "").body();
  }

  String put(String path, String body) {
    HttpResponse<String> answer = answer("PUT", path, body);
    assertThat(answer.statusCode()).as("PUT %s: %s", path, answer.body()).isEqualTo(200);
    return answer.body();
  }

  /** Everything that the servers hold, as they hold it. */
  byte[] snapshot() {
    HttpResponse<byte[]> answer =
        answer("GET", "/v1/snapshot", BodyPublishers.noBody(), BodyHandlers.ofByteArray());
    assertThat(answer.statusCode()).as("snapshot").isEqualTo(200);
    return answer.body();
  }

  void restore(byte[] snapshot) {
    HttpResponse<String> answer =
        answer(
            "PUT", "/v1/snapshot", BodyPublishers.ofByteArray(snapshot), BodyHandlers.ofString());
    assertThat(answer.statusCode()).as("restore: %s", answer.body()).isEqualTo(200);
  }

  void delete(String path) {
    assertThat(answer("DELETE", path, "").statusCode()).as("DELETE %s", path).isEqualTo(200);
  }

  private HttpResponse<String> answer(String method, String path, String body) {
    return answer(method, path, BodyPublishers.ofString(body), BodyHandlers.ofString());
  }

  private <T> HttpResponse<T> answer(
      String method, String path, BodyPublisher body, BodyHandler<T> handler) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path));
    request.method(method, body);
    if (!token.isEmpty()) {
      request.header("X-Consul-Token", token);
    }
    try {
      return http.send(request.build(), handler);
    } catch (IOException e) {
      throw new AssertionError(method + " " + path + " failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  JsonElement json(String path) {
    return JsonParser.parseString(get(path));
  }

  /** The keys with a prefix, which is unescaped. */
  List<String> keys(String prefix) {
    String names = get(Keys.url(prefix) + "?keys&consistent");
    List<String> keys = new ArrayList<>();
    if (!names.isEmpty()) {
      JsonParser.parseString(names).getAsJsonArray().forEach(key -> keys.add(key.getAsString()));
    }
    return keys;
  }

  List<String> sessions() {
    List<String> ids = new ArrayList<>();
    json("/v1/session/list?consistent")
        .getAsJsonArray()
        .forEach(session -> ids.add(session.getAsJsonObject().get("ID").getAsString()));
    return ids;
  }

  void destroySession(String id) {
    put("/v1/session/destroy/" + id, "");
  }

  /** How many entries the leader has put into the raft log because somebody asked for it. */
  long writes() {
    Matcher matcher = WRITES.matcher(get("/v1/agent/metrics?format=prometheus"));
    // A server that has just been started does not show a count of nothing.
    return matcher.find() ? (long) Double.parseDouble(matcher.group(1)) : 0;
  }

  /**
   * How many queries of keys the server holds back until there is a change. Reads and writes that
   * it is only slow with, since it waits for its log, do not count.
   */
  int heldBack() {
    String stacks = get("/debug/pprof/goroutine?debug=2");
    return (int)
        BETWEEN_STACKS
            .splitAsStream(stacks)
            .filter(stack -> stack.contains(AT_WORK_ON_KEYS) && stack.contains(UNTIL_A_CHANGE))
            .count();
  }
}

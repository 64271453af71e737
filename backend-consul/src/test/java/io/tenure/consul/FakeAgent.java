package io.tenure.consul;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tenure.testkit.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An agent that answers what a test wants, and remembers what it was asked. */
final class FakeAgent implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "fake-agent");
            thread.setDaemon(true);
            return thread;
          });
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final Behaviour behaviour;

  /** A request, with the headers that concern us. */
  record Asked(String method, String uri, Map<String, List<String>> headers) {
    String header(String name) {
      return String.join(",", headers.getOrDefault(name, List.of()));
    }

    boolean opensSession() {
      return uri.startsWith("/v1/session/create");
    }

    boolean renewsSession() {
      return uri.startsWith("/v1/session/renew/" + SESSION);
    }

    /** The look at the store's index that goes beside renewals. */
    boolean looks() {
      return uri.contains("/.nowhere");
    }

    @Override
    public String toString() {
      return method + " " + uri;
    }
  }

  static final String SESSION = "some-session";

  /** What is answered; a future that is not done is a server that is silent. */
  record Answer(int status, String body, Map<String, String> headers) {
    static Answer ok(String body) {
      return new Answer(200, body, Map.of());
    }

    static Answer found(long index, String body) {
      return new Answer(200, body, Map.of("X-Consul-Index", Long.toString(index)));
    }

    static Answer missing(long index) {
      return new Answer(404, "", Map.of("X-Consul-Index", Long.toString(index)));
    }

    /** A session that was created. */
    static Answer created() {
      return ok("{\"ID\": \"" + SESSION + "\"}");
    }

    /** A session that was renewed. */
    static Answer renewed() {
      return ok("[{\"ID\": \"" + SESSION + "\", \"TTL\": \"15000ms\"}]");
    }

    CompletableFuture<Answer> now() {
      return CompletableFuture.completedFuture(this);
    }
  }

  interface Behaviour {
    CompletableFuture<Answer> answer(Asked asked);
  }

  private FakeAgent(HttpServer server, Behaviour behaviour) {
    this.server = server;
    this.behaviour = behaviour;
  }

  static FakeAgent start(Behaviour behaviour) throws IOException {
    FakeAgent agent =
        new FakeAgent(
            HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0),
            behaviour);
    agent.server.createContext("/", agent::handle);
    agent.server.setExecutor(agent.threads);
    agent.server.start();
    return agent;
  }

  /** Answers everything at once. */
  static FakeAgent answering(Answer answer) throws IOException {
    return start(asked -> CompletableFuture.completedFuture(answer));
  }

  static FakeAgent silent() throws IOException {
    return start(asked -> new CompletableFuture<>());
  }

  private void handle(HttpExchange exchange) {
    Asked request =
        new Asked(
            exchange.getRequestMethod(),
            exchange.getRequestURI().toString(),
            Map.copyOf(exchange.getRequestHeaders()));
    asked.add(request);
    behaviour.answer(request).thenAccept(answer -> send(exchange, answer));
  }

  private static void send(HttpExchange exchange, Answer answer) {
    try (exchange) {
      byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.getRequestBody().readAllBytes();
      answer.headers().forEach(exchange.getResponseHeaders()::set);
      exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  List<Asked> asked() {
    return List.copyOf(asked);
  }

  void awaitAsked(int count) {
    Eventually.eventually(
        () -> org.assertj.core.api.Assertions.assertThat(asked).hasSizeGreaterThanOrEqualTo(count));
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}

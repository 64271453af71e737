package io.tenure.fencing;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tenure.FencingToken;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The filter in the JDK's HTTP server, over real connections. */
class HttpClaimFilterTest {
  private final List<String> executed = new CopyOnWriteArrayList<>();
  private final CountDownLatch slowBegan = new CountDownLatch(1);
  private final CountDownLatch slowMayEnd = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    FencingVerifier verifier =
        FencingVerifier.builder().waitForOlderRequests(Duration.ofSeconds(50)).build();
    server
        .createContext("/accounts", this::handle)
        .getFilters()
        .add(
            new HttpClaimFilter(
                verifier, exchange -> exchange.getRequestURI().getPath().substring(1)));
    server.start();
  }

  @AfterEach
  void stop() throws InterruptedException {
    slowMayEnd.countDown();
    server.stop(0);
    threads.shutdownNow();
    assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    if (body.equals("slow")) {
      slowBegan.countDown();
      try {
        slowMayEnd.await(20, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    executed.add(body + " by " + HttpClaimFilter.claimOf(exchange).owner());
    exchange.sendResponseHeaders(204, -1);
    exchange.close();
  }

  private record Answer(int status, String type, String body) {}

  @Test
  void executesWhatIsAdmittedAndRefusesTheDelayedRequestOfAnEarlierTenure() throws Exception {
    assertThat(send("R2", claim("b", 2).toText()).status()).isEqualTo(204);

    Answer refused = send("R1", claim("a", 1).toText());

    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.type()).isEqualTo("application/problem+json");
    assertThat(refused.body())
        .startsWith("{\"type\":\"urn:tenure:claim:stale\"")
        .endsWith("\"expectedToken\":\"2\"}");
    assertThat(executed).containsExactly("R2 by b");
  }

  @Test
  void executesADuplicateOnce() throws Exception {
    String claim = claim("a", 1).withSequence(1).toText();
    assertThat(send("R1", claim).status()).isEqualTo(204);
    Answer refused = send("R1", claim);
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.body()).startsWith("{\"type\":\"urn:tenure:claim:repeated\"");
    assertThat(executed).containsExactly("R1 by a");
  }

  @Test
  void refusesRequestsWithoutAReadableClaim() throws Exception {
    Answer none = send("none");
    assertThat(none.status()).isEqualTo(428);
    assertThat(none.body()).startsWith("{\"type\":\"urn:tenure:claim:missing\"");
    assertThat(send("garbage", "garbage").status()).isEqualTo(400);
    assertThat(send("two", claim("a", 1).toText(), claim("b", 2).toText()).status()).isEqualTo(400);
    assertThat(executed).isEmpty();
  }

  @Test
  void refusesAClaimOnAnotherResource() throws Exception {
    FencingClaim other =
        new FencingClaim("accounts/43", "a", FencingToken.of(9), OptionalLong.empty());
    assertThat(send("R", other.toText()).status()).isEqualTo(409);
    assertThat(send("R1", claim("a", 1).toText()).status()).isEqualTo(204);
  }

  @Test
  void answersARefusedHeadRequestWithoutABody() throws Exception {
    HttpURLConnection connection = connect("garbage");
    connection.setRequestMethod("HEAD");
    Answer refused = answer(connection);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.body()).isEmpty();
  }

  @Test
  void aNewerRequestIsExecutedAfterTheOlderOneThatIsStillRunning() throws Exception {
    Future<Answer> older = threads.submit(() -> send("slow", claim("a", 1).toText()));
    assertThat(slowBegan.await(20, TimeUnit.SECONDS)).isTrue();
    Future<Answer> newer = threads.submit(() -> send("R2", claim("b", 2).toText()));
    long start = System.nanoTime();
    while (send("late", claim("c", 1).toText()).status() != 409) {
      executed.clear(); // the newer one has not arrived, so the older token is let in
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
    }
    assertThat(newer).isNotDone();
    assertThat(executed).isEmpty();
    slowMayEnd.countDown();
    assertThat(older.get(20, TimeUnit.SECONDS).status()).isEqualTo(204);
    assertThat(newer.get(20, TimeUnit.SECONDS).status()).isEqualTo(204);
    assertThat(executed).containsExactly("slow by a", "R2 by b");
  }

  private Answer send(String body, String... claims) throws IOException {
    HttpURLConnection connection = connect(claims);
    connection.setRequestMethod("POST");
    connection.setDoOutput(true);
    connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
    return answer(connection);
  }

  private HttpURLConnection connect(String... claims) throws IOException {
    URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/accounts/42");
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    connection.setRequestProperty("Connection", "close"); // on a used one, it may send twice
    for (String claim : claims) {
      connection.addRequestProperty(FencingClaim.HEADER, claim);
    }
    return connection;
  }

  private static Answer answer(HttpURLConnection connection) throws IOException {
    int status = connection.getResponseCode();
    try (InputStream body =
        status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      return new Answer(
          status,
          connection.getContentType(),
          body == null ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private static FencingClaim claim(String owner, long token) {
    return new FencingClaim("accounts/42", owner, FencingToken.of(token), OptionalLong.empty());
  }
}

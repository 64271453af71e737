package io.tenure.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.CoordinationClient;
import io.tenure.FencingToken;
import io.tenure.LeaderLatch;
import io.tenure.Lease;
import io.tenure.fencing.FencingClaim;
import io.tenure.fencing.FencingVerifier;
import io.tenure.inmemory.InMemoryBackend;
import io.tenure.inmemory.InMemoryStore;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The filter in a servlet container, over real connections, and beside a store. */
class ServletClaimFilterTest {
  private static final String NAME = "accounts/42";

  private final HttpClient client = HttpClient.newHttpClient();
  private final List<String> executed = new CopyOnWriteArrayList<>();
  private final CompletableFuture<AsyncContext> asynchronous = new CompletableFuture<>();
  private Server server;
  private int port;

  @BeforeEach
  void start() throws Exception {
    serve(FencingVerifier.builder().waitForOlderRequests(Duration.ofSeconds(50)).build());
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
  }

  private void serve(FencingVerifier verifier) throws Exception {
    server = new Server();
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler();
    FilterHolder filter =
        new FilterHolder(
            new ServletClaimFilter(verifier, request -> request.getRequestURI().substring(1)));
    filter.setAsyncSupported(true);
    context.addFilter(filter, "/*", EnumSet.of(DispatcherType.REQUEST));
    ServletHolder accounts = new ServletHolder(new Accounts());
    accounts.setAsyncSupported(true);
    context.addServlet(accounts, "/*");
    server.setHandler(context);
    server.start();
    port = connector.getLocalPort();
  }

  private final class Accounts extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      String body = new String(request.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (body.equals("async")) {
        asynchronous.complete(request.startAsync());
      }
      String owner = ServletClaimFilter.claimOf(request).orElseThrow().owner();
      executed.add(body + " by " + owner);
      response.setStatus(204);
    }
  }

  @Test
  void executesWhatIsAdmittedAndRefusesTheDelayedRequestOfAnEarlierTenure() throws Exception {
    assertThat(send("R2", claim("b", 2)).statusCode()).isEqualTo(204);

    HttpResponse<String> refused = send("R1", claim("a", 1));

    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(refused.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("application/problem+json");
    assertThat(refused.body())
        .startsWith("{\"type\":\"urn:tenure:claim:stale\"")
        .endsWith("\"expectedToken\":\"2\"}");
    assertThat(executed).containsExactly("R2 by b");
  }

  @Test
  void refusesRequestsWithoutOneReadableClaim() throws Exception {
    assertThat(send("none").statusCode()).isEqualTo(428);
    assertThat(send("garbage", "garbage").statusCode()).isEqualTo(400);
    assertThat(send("two", claim("a", 1), claim("b", 2)).statusCode()).isEqualTo(400);
    assertThat(executed).isEmpty();
  }

  @Test
  void anAsynchronousRequestRunsUntilItIsComplete() throws Exception {
    CompletableFuture<HttpResponse<String>> older = sendAsync("async", claim("a", 1));
    AsyncContext running = asynchronous.get(20, TimeUnit.SECONDS);
    CompletableFuture<HttpResponse<String>> newer = sendAsync("R2", claim("b", 2));
    long start = System.nanoTime();
    while (send("late", claim("a", 1)).statusCode() != 409) {
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
      assertThat(executed).doesNotContain("R2 by b");
    }
    assertThat(newer).isNotDone();
    running.complete();
    assertThat(older.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(204);
    assertThat(newer.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(204);
    assertThat(executed).endsWith("R2 by b");
  }

  @Test
  void refusesWhoeverTheStoreDoesNotKnowAsTheHolder() throws Exception {
    InMemoryStore store = InMemoryStore.create();
    try (CoordinationClient a = client(store, "a");
        CoordinationClient b = client(store, "b");
        LeaderLatch latchOfA = a.leaderLatch(NAME).start()) {
      server.stop();
      serve(
          FencingVerifier.builder()
              .confirmedBy(name -> b.election(name).leaderAsync(), Duration.ZERO)
              .build());

      Lease first = latchOfA.await();
      String claimOfA = FencingClaim.of(first, "a").toText();
      assertThat(send("R1", claimOfA).statusCode()).isEqualTo(204);
      assertThat(send("forged", claim("a", Long.MAX_VALUE)).body())
          .startsWith("{\"type\":\"urn:tenure:claim:not_current\"")
          .endsWith("\"expectedToken\":\"" + first.token() + "\"}");
      assertThat(send("forged", claim("b", first.token().value())).statusCode()).isEqualTo(409);

      try (LeaderLatch latchOfB = b.leaderLatch(NAME).start()) {
        latchOfA.close();
        Lease second = latchOfB.await();
        // The new holder has sent nothing yet, and still the former one is refused.
        assertThat(send("R1 again", claimOfA).statusCode()).isEqualTo(409);
        assertThat(send("R2", FencingClaim.of(second, "b").toText()).statusCode()).isEqualTo(204);
      }
    }
    assertThat(executed).containsExactly("R1 by a", "R2 by b");
  }

  @Test
  void refusesWhoeverTheStoreDoesNotKnowAsTheHolderOfTheLock() throws Exception {
    InMemoryStore store = InMemoryStore.create();
    try (CoordinationClient a = client(store, "a");
        CoordinationClient b = client(store, "b")) {
      server.stop();
      serve(
          FencingVerifier.builder()
              .confirmedBy(name -> b.lock(name).holderAsync(), Duration.ZERO)
              .build());
      Lease first = a.lock(NAME).acquire();
      String claimOfA = FencingClaim.of(first, "a").toText();
      assertThat(send("R1", claimOfA).statusCode()).isEqualTo(204);
      first.close();
      assertThat(send("R1 again", claimOfA).statusCode()).isEqualTo(409);
      Lease second = b.lock(NAME).acquire();
      // The new holder has sent nothing yet, and still the former one is refused.
      assertThat(send("R1 again", claimOfA).statusCode()).isEqualTo(409);
      assertThat(send("R2", FencingClaim.of(second, "b").toText()).statusCode()).isEqualTo(204);
    }
    assertThat(executed).containsExactly("R1 by a", "R2 by b");
  }

  @Test
  void answersThatTheServiceIsUnavailableWhenTheStoreCannotBeAsked() throws Exception {
    CoordinationClient closed = client(InMemoryStore.create(), "a");
    closed.close();
    server.stop();
    serve(
        FencingVerifier.builder()
            .confirmedBy(name -> closed.election(name).leaderAsync(), Duration.ZERO)
            .build());
    assertThat(send("R1", claim("a", 1)).statusCode()).isEqualTo(503);
    assertThat(executed).isEmpty();
  }

  private static CoordinationClient client(InMemoryStore store, String id) {
    return CoordinationClient.builder(InMemoryBackend.on(store)).candidate(id).build();
  }

  private HttpResponse<String> send(String body, String... claims) throws Exception {
    return sendAsync(body, claims).get(20, TimeUnit.SECONDS);
  }

  private CompletableFuture<HttpResponse<String>> sendAsync(String body, String... claims) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/" + NAME))
            .POST(HttpRequest.BodyPublishers.ofString(body));
    for (String claim : claims) {
      request.header(FencingClaim.HEADER, claim);
    }
    return client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static String claim(String owner, long token) {
    return new FencingClaim(NAME, owner, FencingToken.of(token), OptionalLong.empty()).toText();
  }
}

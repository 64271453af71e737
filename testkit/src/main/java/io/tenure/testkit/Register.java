package io.tenure.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tenure.Candidate;
import io.tenure.LeaderElection;
import io.tenure.fencing.FencingVerifier;
import io.tenure.fencing.HttpClaimFilter;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A service over HTTP that holds one number, and takes the orders "get", "set n" and "add n" from
 * those whom its filter lets in. It answers with the number as it is then.
 */
final class Register implements AutoCloseable {
  static final int AT_FIRST = 100;

  /** Where the filter looks at a request first. */
  static final String DOOR = "/door";

  /** Where everybody may read, and no filter looks. */
  static final String WINDOW = "/window";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private volatile CompletableFuture<Void> answering = CompletableFuture.completedFuture(null);
  private int number = AT_FIRST;
  private int orders;

  private Register(Optional<Filter> filter) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(DOOR, this::handle).getFilters().addAll(filter.stream().toList());
    server.createContext(WINDOW, exchange -> answer(exchange, apply("get")));
    server.start();
  }

  /** Lets in whose claim on the name is admitted, as users of Tenure are told to. */
  static Register guarded(String name) throws IOException {
    FencingVerifier verifier = FencingVerifier.create();
    return new Register(Optional.of(new HttpClaimFilter(verifier, exchange -> name)));
  }

  /** Lets in whoever leads now, whatever the token: the mistake that looks like a guard. */
  static Register askingWhoLeads(LeaderElection election) throws IOException {
    return new Register(Optional.of(new LeadersOnly(election)));
  }

  /** Lets everybody in. */
  static Register unguarded() throws IOException {
    return new Register(Optional.empty());
  }

  int port() {
    return server.getAddress().getPort();
  }

  synchronized int number() {
    return number;
  }

  /** How many orders that change the number were applied. */
  synchronized int orders() {
    return orders;
  }

  /** Applies orders from now on, and keeps the answers back until the future is completed. */
  CompletableFuture<Void> holdAnswers() {
    answering = new CompletableFuture<>();
    return answering;
  }

  private void handle(HttpExchange exchange) throws IOException {
    int now = apply(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
    answering.join();
    answer(exchange, now);
  }

  private synchronized int apply(String order) {
    List<String> words = List.of(order.split(" "));
    switch (words.get(0)) {
      case "get" -> {
        return number;
      }
      case "set" -> number = Integer.parseInt(words.get(1));
      case "add" -> number += Integer.parseInt(words.get(1));
      default -> throw new IllegalArgumentException("no such order: " + order);
    }
    orders++;
    return number;
  }

  private static void answer(HttpExchange exchange, int now) throws IOException {
    byte[] body = Integer.toString(now).getBytes(UTF_8);
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    answering.complete(null);
    server.stop(0);
    threads.shutdownNow();
  }

  /** Asks the store who leads, and believes the name that the request bears. */
  private static final class LeadersOnly extends Filter {
    private final LeaderElection election;

    LeadersOnly(LeaderElection election) {
      this.election = election;
    }

    @Override
    public String description() {
      return "lets the leader's requests through, by its name";
    }

    @Override
    public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
      if (leader().equals(Optional.of(HttpClaimFilter.claimOf(exchange).owner()))) {
        chain.doFilter(exchange);
      } else {
        exchange.sendResponseHeaders(409, -1);
        exchange.close();
      }
    }

    private Optional<String> leader() throws IOException {
      try {
        return election.leader().map(Candidate::id);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while asking who leads");
      }
    }
  }
}

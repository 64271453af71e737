package io.tenure.fencing;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A filter of the JDK's HTTP server that lets a request through to the handler only if its claim is
 * admitted, and otherwise answers with the refusal as {@code application/problem+json}.
 *
 * <pre>{@code
 * server.createContext("/accounts/42", this::debit)
 *     .getFilters().add(new HttpClaimFilter(verifier, exchange -> "accounts/42"));
 * }</pre>
 *
 * <p>The request counts as running until the handler returns. It runs on the server's thread and
 * may block there; give the server an executor with more than one. Needs the module {@code
 * jdk.httpserver}.
 */
public final class HttpClaimFilter extends Filter {
  private static final Logger LOG = LoggerFactory.getLogger(HttpClaimFilter.class);

  private final FencingVerifier verifier;
  private final Function<HttpExchange, String> nameOf;

  /**
   * Creates a filter.
   *
   * @param verifier judges the claims
   * @param nameOf tells which name guards what a request asks for
   */
  public HttpClaimFilter(FencingVerifier verifier, Function<HttpExchange, String> nameOf) {
    this.verifier = Objects.requireNonNull(verifier, "verifier");
    this.nameOf = Objects.requireNonNull(nameOf, "nameOf");
  }

  /**
   * Returns the claim of a request that this filter let through, for the handler.
   *
   * @param exchange the request
   * @return its claim
   * @throws ClaimRefusedException if the request has no readable claim, so did not pass the filter
   */
  public static FencingClaim claimOf(HttpExchange exchange) {
    return FencingClaim.only(values(exchange));
  }

  @Override
  public String description() {
    return "lets requests through whose fencing claim is admitted";
  }

  @Override
  public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
    FencingVerifier.Passage passage;
    try {
      passage = verifier.admit(nameOf.apply(exchange), values(exchange));
    } catch (ClaimRefusedException e) {
      refuse(exchange, e);
      return;
    }
    try (passage) {
      chain.doFilter(exchange);
    }
  }

  private static List<String> values(HttpExchange exchange) {
    return exchange.getRequestHeaders().getOrDefault(FencingClaim.HEADER, List.of());
  }

  private static void refuse(HttpExchange exchange, ClaimRefusedException refusal)
      throws IOException {
    if (refusal.reason() == ClaimRefusedException.Reason.UNCHECKED) {
      LOG.warn("A request was refused because its claim could not be checked", refusal);
    }
    byte[] body = refusal.problemJson().getBytes(StandardCharsets.US_ASCII);
    boolean bodiless = exchange.getRequestMethod().equals("HEAD");
    exchange.getResponseHeaders().set("Content-Type", "application/problem+json");
    exchange.sendResponseHeaders(refusal.reason().httpStatus(), bodiless ? -1 : body.length);
    if (!bodiless) {
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    }
    exchange.close();
  }
}

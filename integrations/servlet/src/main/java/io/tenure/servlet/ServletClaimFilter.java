package io.tenure.servlet;

import io.tenure.fencing.ClaimRefusedException;
import io.tenure.fencing.FencingClaim;
import io.tenure.fencing.FencingVerifier;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A servlet filter that lets a request through only if its claim is admitted, and otherwise answers
 * with the refusal as {@code application/problem+json}.
 *
 * <pre>{@code
 * context.addFilter("claims", new ServletClaimFilter(verifier, request -> "accounts/42"))
 *     .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/accounts/42");
 * }</pre>
 *
 * <p>The request counts as running until the rest of the chain has returned, or, if that began
 * asynchronous processing, until it is complete. The filter runs on the container's thread and may
 * block there. Map it to the dispatcher type REQUEST alone, and ahead of everything that has an
 * effect.
 */
public final class ServletClaimFilter extends HttpFilter {
  private static final long serialVersionUID = 1L;

  private static final Logger LOG = LoggerFactory.getLogger(ServletClaimFilter.class);
  private static final String CLAIM = FencingClaim.class.getName();

  private final transient FencingVerifier verifier;
  private final transient Function<HttpServletRequest, String> nameOf;

  /**
   * Creates a filter.
   *
   * @param verifier judges the claims
   * @param nameOf tells which name guards what a request asks for
   */
  public ServletClaimFilter(FencingVerifier verifier, Function<HttpServletRequest, String> nameOf) {
    this.verifier = Objects.requireNonNull(verifier, "verifier");
    this.nameOf = Objects.requireNonNull(nameOf, "nameOf");
  }

  /**
   * Returns the claim that a request was let through with.
   *
   * @param request the request
   * @return its claim, or empty if it did not pass this filter
   */
  public static Optional<FencingClaim> claimOf(HttpServletRequest request) {
    return Optional.ofNullable((FencingClaim) request.getAttribute(CLAIM));
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    FencingVerifier.Passage passage;
    try {
      passage =
          verifier.admit(
              nameOf.apply(request), Collections.list(request.getHeaders(FencingClaim.HEADER)));
    } catch (ClaimRefusedException e) {
      refuse(response, e);
      return;
    }
    boolean goesOn = false;
    try {
      request.setAttribute(CLAIM, passage.claim());
      chain.doFilter(request, response);
      goesOn = request.isAsyncStarted() && follow(request, passage);
    } finally {
      if (!goesOn) {
        passage.close();
      }
    }
  }

  /** False if the processing has completed meanwhile. */
  private static boolean follow(HttpServletRequest request, FencingVerifier.Passage passage) {
    try {
      request.getAsyncContext().addListener(new Ending(passage));
      return true;
    } catch (IllegalStateException e) {
      LOG.debug("Asynchronous processing completed before it could be followed", e);
      return false;
    }
  }

  private static void refuse(HttpServletResponse response, ClaimRefusedException refusal)
      throws IOException {
    if (refusal.reason() == ClaimRefusedException.Reason.UNCHECKED) {
      LOG.warn("A request was refused because its claim could not be checked", refusal);
    }
    response.setStatus(refusal.reason().httpStatus());
    response.setContentType("application/problem+json");
    response.getWriter().write(refusal.problemJson());
  }

  /* Each way in which asynchronous processing ends is followed by onComplete. */
  private record Ending(FencingVerifier.Passage passage) implements AsyncListener {
    @Override
    public void onComplete(AsyncEvent event) {
      passage.close();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
      /* Completion follows. */
    }

    @Override
    public void onError(AsyncEvent event) {
      /* Completion follows. */
    }

    /* A new cycle forgets its listeners. */
    @Override
    public void onStartAsync(AsyncEvent event) {
      event.getAsyncContext().addListener(this);
    }
  }
}

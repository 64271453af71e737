package io.tenure.consul;

import static java.util.Objects.requireNonNull;

import com.ecwid.consul.v1.ConsulRawClient;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import java.io.IOException;
import java.time.Duration;
import org.apache.http.HttpHost;
import org.apache.http.HttpRequest;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpRequestBase;
import org.apache.http.conn.ClientConnectionManager;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.params.HttpParams;
import org.apache.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * One request, from its making to its answer: what consul-api takes for its HTTP client.
 *
 * <p>That is the place where a request gets what consul-api cannot give it: time limits of its own,
 * headers, among them the token, which consul-api would put into the URL, and somebody who can give
 * it up from another thread.
 */
final class Call extends CloseableHttpClient {
  private final Pool pool;
  private final Settings settings;
  private final RequestConfig config;
  private @Nullable HttpRequestBase request;
  private boolean givenUp;

  /**
   * Prepares a request.
   *
   * @param connectIn how long connecting may take
   * @param silence how long the agent may be silent
   */
  Call(Pool pool, Settings settings, Duration connectIn, Duration silence) {
    this.pool = pool;
    this.settings = settings;
    this.config =
        RequestConfig.custom()
            .setConnectionRequestTimeout(millis(connectIn))
            .setConnectTimeout(millis(connectIn))
            .setSocketTimeout(millis(silence))
            .setRedirectsEnabled(false)
            .setNormalizeUri(false)
            .build();
  }

  /** Zero would mean for ever. */
  private static int millis(Duration limit) {
    return Math.toIntExact(Math.max(1, limit.toMillis()));
  }

  /** The client whose next request is this one. */
  ConsulRawClient client() {
    String scheme = settings.address().getScheme();
    return ConsulRawClient.Builder.builder()
        .setHost(scheme + "://" + settings.address().getHost())
        .setPort(settings.address().getPort())
        .setHttpClient(this)
        .build();
  }

  @Override
  protected CloseableHttpResponse doExecute(
      HttpHost target, HttpRequest made, @Nullable HttpContext context) throws IOException {
    HttpRequestBase sent = (HttpRequestBase) made;
    sent.setConfig(config);
    String token = token();
    if (!token.isEmpty()) {
      sent.setHeader("X-Consul-Token", token);
    }
    settings.namespace().ifPresent(name -> sent.setHeader("X-Consul-Namespace", name));
    begin(sent);
    return pool.send(target, sent, context);
  }

  private String token() {
    try {
      return requireNonNull(settings.token().get(), "token");
    } catch (RuntimeException e) {
      throw new StoreException(Outcome.NOT_DONE, "the source of the token failed", e);
    }
  }

  private synchronized void begin(HttpRequestBase sent) {
    request = sent;
    if (givenUp) {
      sent.abort();
    }
  }

  /**
   * Gives the request up. It fails then, soon.
   *
   * @return true if it may have been sent
   */
  boolean giveUp() {
    HttpRequestBase sent;
    synchronized (this) {
      givenUp = true;
      sent = request;
    }
    if (sent == null) {
      return false;
    }
    sent.abort();
    return true;
  }

  /** The connections belong to the pool. */
  @Override
  public void close() {}

  @Override
  @Deprecated
  public HttpParams getParams() {
    throw new UnsupportedOperationException("a request has no parameters of this kind");
  }

  @Override
  @Deprecated
  public ClientConnectionManager getConnectionManager() {
    throw new UnsupportedOperationException("the connections belong to the pool");
  }
}

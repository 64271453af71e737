package io.tenure.consul;

import java.io.IOException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.http.HttpHost;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpRequestBase;
import org.apache.http.config.Registry;
import org.apache.http.config.RegistryBuilder;
import org.apache.http.conn.socket.ConnectionSocketFactory;
import org.apache.http.conn.socket.PlainConnectionSocketFactory;
import org.apache.http.conn.ssl.SSLConnectionSocketFactory;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClientBuilder;
import org.apache.http.impl.conn.DefaultManagedHttpClientConnection;
import org.apache.http.impl.conn.PoolingHttpClientConnectionManager;
import org.apache.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads and connections for one kind of request, which the other kinds cannot use up. They come
 * when they are needed.
 */
final class Pool implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Pool.class);
  private static final int BUFFER_BYTES = 8 * 1024;
  private static final int IDLE_CONNECTION_SECONDS = 10;
  private static final int IDLE_THREAD_SECONDS = 1;
  private static final int STALE_MILLIS = 1_000;
  private static final int CLOSE_SECONDS = 1;

  private final ThreadPoolExecutor threads;
  private final PoolingHttpClientConnectionManager connections;
  private final CloseableHttpClient http;
  private volatile boolean stays;

  private Pool(Settings settings, ThreadPoolExecutor threads, int maxConnections) {
    this.threads = threads;
    this.connections = connections(settings, maxConnections);
    this.http = http(settings, connections);
  }

  /** A pool whose tasks queue up for its threads. */
  static Pool queueing(Settings settings, String job, int size) {
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            size,
            size,
            IDLE_THREAD_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            new DaemonThreads(job));
    threads.allowCoreThreadTimeOut(true);
    return new Pool(settings, threads, size);
  }

  /** A pool that has a thread for every task; whoever uses it bounds their number. */
  static Pool unbounded(Settings settings, String job) {
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            IDLE_THREAD_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            new DaemonThreads(job));
    return new Pool(settings, threads, Integer.MAX_VALUE);
  }

  private static PoolingHttpClientConnectionManager connections(Settings settings, int max) {
    Registry<ConnectionSocketFactory> schemes =
        RegistryBuilder.<ConnectionSocketFactory>create()
            .register("http", PlainConnectionSocketFactory.getSocketFactory())
            .register(
                "https",
                settings
                    .tls()
                    .map(SSLConnectionSocketFactory::new)
                    .orElseGet(SSLConnectionSocketFactory::getSocketFactory))
            .build();
    // The usual connections write every header into a debug log, and the token is a header.
    PoolingHttpClientConnectionManager connections =
        new PoolingHttpClientConnectionManager(
            schemes,
            (route, config) ->
                new DefaultManagedHttpClientConnection(route.toString(), BUFFER_BYTES));
    connections.setMaxTotal(max);
    connections.setDefaultMaxPerRoute(max);
    connections.setValidateAfterInactivity(STALE_MILLIS);
    return connections;
  }

  private static CloseableHttpClient http(
      Settings settings, PoolingHttpClientConnectionManager connections) {
    HttpClientBuilder builder = HttpClientBuilder.create();
    settings.http().accept(builder);
    return builder
        .setConnectionManager(connections)
        .disableAuthCaching()
        .disableAutomaticRetries()
        .disableContentCompression()
        .disableCookieManagement()
        .disableRedirectHandling()
        .setConnectionManagerShared(false)
        .setServiceUnavailableRetryStrategy(null)
        .build();
  }

  /**
   * Runs a task on a thread of this pool.
   *
   * @throws java.util.concurrent.RejectedExecutionException if the pool was closed
   */
  void run(Runnable task) {
    threads.execute(task);
  }

  CloseableHttpResponse send(
      HttpHost target, HttpRequestBase request, @Nullable HttpContext context) throws IOException {
    if (!stays) {
      connections.closeIdleConnections(IDLE_CONNECTION_SECONDS, TimeUnit.SECONDS);
    }
    return http.execute(target, request, context);
  }

  /**
   * Keeps threads and connections that are idle, or no longer. An agent or a process that has too
   * many may have no new ones to give.
   */
  void stay(boolean on) {
    stays = on;
    threads.allowCoreThreadTimeOut(!on);
  }

  void closeIdleConnections() {
    connections.closeIdleConnections(0, TimeUnit.SECONDS);
  }

  /** Takes no more tasks, and waits a little for the others. */
  void finish() {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        log.debug("{} threads are still at work", threads.getActiveCount());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Closes the connections and waits a little for the threads. */
  @Override
  public void close() {
    threads.shutdown();
    try {
      http.close();
    } catch (IOException e) {
      log.debug("an HTTP client was not closed in order", e);
    }
    finish();
  }
}

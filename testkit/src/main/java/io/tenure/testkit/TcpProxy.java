package io.tenure.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cable between a client and a server that a test can cut: while it is cut, bytes of both
 * directions are held, connections included, and neither end is told. When it is mended they arrive
 * late, as after a partition.
 *
 * <p>Listens on the loopback interface. Its threads are daemons and end with {@link #close()}.
 */
public final class TcpProxy implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TcpProxy.class);
  private static final int BUFFER_BYTES = 16 * 1024;

  private final InetSocketAddress server;
  private final ServerSocket listener;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private volatile CompletableFuture<Void> whole = CompletableFuture.completedFuture(null);
  private volatile boolean closed;

  private TcpProxy(InetSocketAddress server, ServerSocket listener) {
    this.server = server;
    this.listener = listener;
  }

  /**
   * Lays a cable to a server.
   *
   * @param host the server's host
   * @param port the server's port
   * @return the cable, whole
   * @throws IOException if no port can be had to listen on
   */
  public static TcpProxy to(String host, int port) throws IOException {
    ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    TcpProxy proxy = new TcpProxy(new InetSocketAddress(host, port), listener);
    proxy.run("accept", proxy::accept);
    return proxy;
  }

  /**
   * Returns where the client has to connect.
   *
   * @return host and port, separated by a colon
   */
  public String address() {
    return listener.getInetAddress().getHostAddress() + ":" + port();
  }

  /**
   * Returns the port of {@link #address()}.
   *
   * @return from 1 to 65535
   */
  public int port() {
    return listener.getLocalPort();
  }

  /** Cuts the cable. Idempotent. */
  public synchronized void cut() {
    if (whole.isDone()) {
      whole = new CompletableFuture<>();
    }
  }

  /** Mends the cable. Idempotent. */
  public synchronized void heal() {
    whole.complete(null);
  }

  private void accept() throws IOException {
    while (!closed) {
      Socket client = listener.accept();
      client.setTcpNoDelay(true);
      sockets.add(client);
      run("connect", () -> connect(client));
    }
  }

  private void connect(Socket client) throws IOException {
    whole.join();
    Socket upstream = new Socket();
    sockets.add(upstream);
    try {
      upstream.setTcpNoDelay(true);
      upstream.connect(server);
    } catch (IOException e) {
      close(client, upstream);
      throw e;
    }
    run("up", () -> pump(client, upstream));
    run("down", () -> pump(upstream, client));
  }

  private void pump(Socket from, Socket to) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        whole.join();
        out.write(buffer, 0, read);
      }
    } finally {
      whole.join();
      close(from, to);
    }
  }

  private void close(Socket one, Socket other) throws IOException {
    sockets.remove(one);
    sockets.remove(other);
    try (one;
        other) {
      log.trace("closing {} and {}", one, other);
    }
  }

  /** Ends every connection and stops listening. Idempotent. */
  @Override
  public void close() {
    closed = true;
    heal();
    try {
      listener.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      log.warn("the proxy at {} did not close", address(), e);
    }
  }

  private void run(String job, Job body) {
    Thread thread =
        new Thread(
            () -> {
              try {
                body.run();
              } catch (IOException e) {
                // The ordinary end of a connection, from either side.
                log.trace("{} ended", job, e);
              }
            },
            "testkit-proxy-" + job);
    thread.setDaemon(true);
    thread.start();
  }

  private interface Job {
    void run() throws IOException;
  }
}

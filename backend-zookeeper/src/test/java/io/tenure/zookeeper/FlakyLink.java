package io.tenure.zookeeper;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/** A way to a server on which answers can be held back, and then lost. */
final class FlakyLink implements AutoCloseable {
  private final ServerSocket listener;
  private final int target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final Queue<Integer> sent = new ConcurrentLinkedQueue<>();
  private volatile CountDownLatch answersPass = new CountDownLatch(0);

  FlakyLink(int target) throws IOException {
    this.target = target;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    daemon("link", this::accept);
  }

  String connectString() {
    return "127.0.0.1:" + listener.getLocalPort();
  }

  /** How many requests of one type, as {@code ZooDefs.OpCode} numbers them, were sent. */
  long sent(int type) {
    return sent.stream().filter(each -> each == type).count();
  }

  void holdAnswers() {
    answersPass = new CountDownLatch(1);
  }

  void releaseAnswers() {
    answersPass.countDown();
  }

  /** Breaks all connections; what was held back is lost. New ones work again. */
  void cut() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    answersPass.countDown();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        sockets.add(client);
        sockets.add(server);
        daemon("requests", () -> passRequests(client, server));
        daemon("answers", () -> passAnswers(server, client));
      }
    } catch (IOException e) {
      // The listener was closed, or the server is down: nobody can connect any more.
      closeQuietly(listener);
    }
  }

  /** Passes requests on one by one: a length, and as many bytes. */
  private void passRequests(Socket client, Socket server) {
    try {
      DataInputStream in = new DataInputStream(client.getInputStream());
      DataOutputStream out = new DataOutputStream(server.getOutputStream());
      boolean connecting = true;
      while (true) {
        byte[] request = new byte[in.readInt()];
        in.readFully(request);
        if (!connecting) {
          sent.add(ByteBuffer.wrap(request).getInt(Integer.BYTES));
        }
        connecting = false;
        out.writeInt(request.length);
        out.write(request);
      }
    } catch (IOException e) {
      hangUp(client, server);
    }
  }

  private void passAnswers(Socket server, Socket client) {
    try {
      InputStream in = server.getInputStream();
      byte[] buffer = new byte[65_536];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        answersPass.await();
        client.getOutputStream().write(buffer, 0, n);
      }
      hangUp(server, client);
    } catch (IOException | InterruptedException e) {
      hangUp(server, client);
    }
  }

  private void hangUp(Socket one, Socket other) {
    sockets.removeAll(Set.of(one, other));
    closeQuietly(one);
    closeQuietly(other);
  }

  private static void closeQuietly(AutoCloseable socket) {
    try {
      socket.close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void daemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    cut();
  }
}

package io.tenure.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tenure.fencing.FencingClaim;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * An HTTP request that is sent, and whose answer is not read yet. It is on its way when its sending
 * has returned, however long it takes to arrive, and is never sent again.
 */
final class SentRequest implements AutoCloseable {
  private final Socket socket;

  private SentRequest(Socket socket) {
    this.socket = socket;
  }

  /** What the service said. */
  record Answer(int status, String body) {}

  /** Sends an order to a register on the loopback interface, or to a cable that leads there. */
  static SentRequest send(int port, String path, FencingClaim claim, String order)
      throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    String request =
        String.join(
            "\r\n",
            "POST " + path + " HTTP/1.1",
            "Host: localhost",
            "Connection: close",
            "Content-Length: " + order.length(),
            FencingClaim.HEADER + ": " + claim.toText(),
            "",
            order);
    socket.getOutputStream().write(request.getBytes(UTF_8));
    return new SentRequest(socket);
  }

  /** Waits for the answer, within {@link Eventually#BOUND}. */
  Answer answer() throws IOException {
    try (socket) {
      socket.setSoTimeout((int) Eventually.BOUND.toMillis());
      String text = new String(socket.getInputStream().readAllBytes(), UTF_8);
      String[] parts = text.split("\r\n\r\n", 2);
      return new Answer(Integer.parseInt(parts[0].split(" ")[1]), parts[1]);
    }
  }

  /** Gives up waiting after a while, and tells whether it had to. */
  boolean timesOut(Duration patience) throws IOException {
    try (socket) {
      socket.setSoTimeout((int) patience.toMillis());
      socket.getInputStream().read();
      return false;
    } catch (SocketTimeoutException e) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}

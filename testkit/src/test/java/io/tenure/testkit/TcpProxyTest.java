package io.tenure.testkit;

import static io.tenure.testkit.Eventually.answer;
import static io.tenure.testkit.Eventually.throughout;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A cable that can be cut without either end noticing. */
class TcpProxyTest {
  private ServerSocket server;
  private TcpProxy proxy;
  private Socket client;
  private Socket peer;

  @BeforeEach
  void connect() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    proxy = TcpProxy.to("127.0.0.1", server.getLocalPort());
    client = dial();
    peer = server.accept();
  }

  private Socket dial() throws IOException {
    String[] address = proxy.address().split(":");
    Socket socket = new Socket();
    socket.connect(new InetSocketAddress(address[0], Integer.parseInt(address[1])));
    return socket;
  }

  @AfterEach
  void disconnect() throws IOException {
    client.close();
    peer.close();
    proxy.close();
    server.close();
  }

  @Test
  void bytesPassBothWays() throws IOException {
    client.getOutputStream().write(7);
    assertThat(peer.getInputStream().read()).isEqualTo(7);
    peer.getOutputStream().write(8);
    assertThat(client.getInputStream().read()).isEqualTo(8);
  }

  @Test
  void whatIsSentIntoACutCableArrivesWhenItIsMended() throws IOException {
    proxy.cut();
    client.getOutputStream().write(7);
    Caller<Integer> reading = Caller.start(() -> peer.getInputStream().read());
    throughout(Duration.ofMillis(50), () -> assertThat(reading.isDone()).isFalse());
    proxy.heal();
    assertThat(answer(reading.result())).isEqualTo(7);
  }

  @Test
  void neitherEndIsToldThatTheOtherOneIsGoneWhileTheCableIsCut() throws IOException {
    proxy.cut();
    peer.close();
    Caller<Integer> reading = Caller.start(() -> client.getInputStream().read());
    throughout(Duration.ofMillis(50), () -> assertThat(reading.isDone()).isFalse());
    proxy.heal();
    assertThat(answer(reading.result())).isEqualTo(-1);
  }

  @Test
  void newConnectionsWaitForTheCableToo() throws IOException {
    proxy.cut();
    try (Socket second = dial()) {
      Caller<Socket> accepting = Caller.start(server::accept);
      second.getOutputStream().write(7);
      throughout(Duration.ofMillis(50), () -> assertThat(accepting.isDone()).isFalse());
      proxy.heal();
      try (Socket accepted = answer(accepting.result())) {
        assertThat(accepted.getInputStream().read()).isEqualTo(7);
      }
    }
  }
}

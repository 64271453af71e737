package io.tenure.testkit.server;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Free ports on the loopback interface, taken from below the range from which systems take the
 * ports of outgoing connections. Those of that range are no good for a server that is killed and
 * restarted: meanwhile any connection of the machine can get the port, and a client that tries to
 * reconnect can even reach itself.
 */
final class Ports {
  private static final int FIRST = 15_000;
  private static final int LAST = 31_000;
  private static final int TRIES = 1_000;

  /** What this JVM gave out, because a port is free until its server has started. */
  private static final Set<Integer> given = new HashSet<>();

  private Ports() {}

  static Map<Port, Integer> free(Set<Port> roles) {
    Map<Port, Integer> ports = new EnumMap<>(Port.class);
    roles.forEach(role -> ports.put(role, free()));
    return ports;
  }

  private static synchronized int free() {
    for (int i = 0; i < TRIES; i++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
      if (!given.contains(port) && isFree(port)) {
        given.add(port);
        return port;
      }
    }
    throw new IllegalStateException(
        "no free port found between " + FIRST + " and " + LAST + " in " + TRIES + " tries");
  }

  private static boolean isFree(int port) {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    // Consul gossips over both protocols at one number.
    try (ServerSocket tcp = new ServerSocket(port, 1, loopback);
        DatagramSocket udp = new DatagramSocket(port, loopback)) {
      return tcp.isBound() && udp.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}

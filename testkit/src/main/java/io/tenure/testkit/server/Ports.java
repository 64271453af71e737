package io.tenure.testkit.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Free ports on the loopback interface, each given out once, taken from below the range from which
 * systems take the ports of outgoing connections. Those of that range are no good for a server that
 * is killed and restarted: meanwhile any connection of the machine can get the port, and a client
 * that tries to reconnect can even reach itself.
 *
 * <p>A port is free until its server has started, and free again while the server is down. So that
 * no other JVM takes it then, whoever gets one locks the byte of that number in a file that all
 * share, for as long as the JVM lives.
 */
final class Ports {
  private static final int FIRST = 15_000;
  private static final int LAST = 31_000;

  private static final Ports shared = new Ports(lockFile(), FIRST, LAST);

  private final Path file;
  private final int first;
  private final int last;

  /** What this JVM asked for, since a lock keeps only others out. */
  private final Set<Integer> tried = new HashSet<>();

  /** Never closed: that would drop every lock. */
  private @Nullable FileChannel locks;

  /** Ports from the first up to the last, without it, among all who use the same file. */
  Ports(Path file, int first, int last) {
    this.file = file;
    this.first = first;
    this.last = last;
  }

  /** Not among the temporary files: a JVM may have been given a directory of its own for those. */
  private static Path lockFile() {
    try {
      return Cache.ofThisUser().file("ports.lock");
    } catch (IOException e) {
      throw new UncheckedIOException("there is no place for a file that all JVMs share", e);
    }
  }

  static Map<Port, Integer> free(Set<Port> roles) {
    Map<Port, Integer> ports = new EnumMap<>(Port.class);
    roles.forEach(role -> ports.put(role, shared.next()));
    return ports;
  }

  synchronized int next() {
    while (tried.size() < last - first) {
      int port = ThreadLocalRandom.current().nextInt(first, last);
      // In this order: to see whether it is free takes it for a moment from whoever has it.
      if (tried.add(port) && lock(port) && isFree(port)) {
        return port;
      }
    }
    throw new IllegalStateException("no free port is left from " + first + " to " + (last - 1));
  }

  private boolean lock(int port) {
    try {
      if (locks == null) {
        locks = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      }
      return locks.tryLock(port, 1, false) != null;
    } catch (IOException e) {
      throw new UncheckedIOException("ports cannot be reserved in " + file, e);
    }
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

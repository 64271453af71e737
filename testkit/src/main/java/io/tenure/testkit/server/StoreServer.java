package io.tenure.testkit.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One node of a store, running or not. Every method that changes it returns when that has happened.
 * Not safe for use by several threads at a time.
 *
 * <p>Its address and its data stay the same through {@link #stop()}, {@link #kill()} and {@link
 * #restart()}; {@link #close()} deletes the data and keeps the log.
 *
 * <p>A node that the environment names can be used only: asked for anything else it throws {@link
 * UnsupportedOperationException}, and {@code close()} lets it run.
 */
public final class StoreServer implements AutoCloseable {
  private static final int CONNECT_MILLIS = 1_000;
  private static final int LAST_WORDS = 4_000;

  private final String name;
  private final StoreType type;
  private final Options options;
  private final Vessel vessel;
  private final Cables cables;
  private final String address;
  private final String statusAddress;
  private final String origin;
  private @Nullable String version;
  private boolean paused;

  StoreServer(
      String name,
      StoreType type,
      Options options,
      Vessel vessel,
      Cables cables,
      String address,
      String statusAddress,
      String origin) {
    this.name = name;
    this.type = type;
    this.options = options;
    this.vessel = vessel;
    this.cables = cables;
    this.address = address;
    this.statusAddress = statusAddress;
    this.origin = origin;
  }

  /**
   * Returns the node's name in its cluster.
   *
   * @return for example "n1"
   */
  public String name() {
    return name;
  }

  /**
   * Returns where clients connect.
   *
   * @return host and port, separated by a colon
   */
  public String address() {
    return address;
  }

  /**
   * Returns the host of {@link #address()}.
   *
   * @return without the port
   */
  public String host() {
    return address.substring(0, address.lastIndexOf(':'));
  }

  /**
   * Returns the port of {@link #address()}.
   *
   * @return from 1 to 65535
   */
  public int port() {
    return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
  }

  /**
   * Returns where clients of a store that speaks HTTP connect.
   *
   * @return the address as a URL, with {@code https} if it is encrypted
   */
  public String url() {
    return (options.tls().isPresent() ? "https://" : "http://") + address;
  }

  /**
   * Returns where the node tells how it is, in plain text whatever the clients speak: etcd's
   * metrics address, Consul's HTTP API, ZooKeeper's four-letter words.
   *
   * @return host and port, separated by a colon
   */
  public String statusAddress() {
    return statusAddress;
  }

  /**
   * Returns what runs here and how it was had.
   *
   * @return for example "etcd 3.5.16 (Debian package)"
   * @throws IllegalStateException if the node has never served
   */
  public String description() {
    if (version == null) {
      throw new IllegalStateException(this + " has not served yet");
    }
    return type.store().title() + " " + version + " (" + origin + ")";
  }

  /**
   * Returns the node's process.
   *
   * @return the last one's id; empty if it has none on this machine
   */
  public OptionalLong pid() {
    return vessel.pid();
  }

  /**
   * Returns what the node writes to, from its first start on.
   *
   * @return a file; empty if it is not on this machine
   */
  public Optional<Path> log() {
    return vessel.log();
  }

  /**
   * Tells whether the node has a process, frozen or not.
   *
   * @return false before the first start and after an end of any kind
   */
  public boolean isRunning() {
    return vessel.isRunning();
  }

  /** Asks the node to end, as an operator does, and waits until it has; continues it if paused. */
  public void stop() {
    vessel.stop();
    paused = false;
  }

  /** Kills the node, which gets no chance to say or write anything (SIGKILL). */
  public void kill() {
    vessel.kill();
    paused = false;
  }

  /**
   * Freezes the node (SIGSTOP): its connections stay open and new ones are still accepted by the
   * kernel, but nothing is answered.
   */
  public void pause() {
    vessel.pause();
    paused = true;
  }

  /** Lets a frozen node go on where it was (SIGCONT). Does not wait until it serves. */
  public void resume() {
    vessel.resume();
    paused = false;
  }

  /**
   * Cuts a follower off from the node that leads, without a word to either: it goes on answering
   * its clients until it notices. Votes still pass. Needs {@link ServerSetup#severable()}.
   *
   * @throws UnsupportedOperationException if no cables were laid
   */
  public void isolate() {
    if (cables.isEmpty()) {
      throw new UnsupportedOperationException(
          this + " has no cables that could be cut: see ServerSetup.severable()");
    }
    cables.cut();
  }

  /** Mends what {@link #isolate()} cut; what was held arrives late. Idempotent. */
  public void mend() {
    cables.heal();
  }

  /**
   * Starts a node that does not run, on the data that it has, and does not wait until it serves: of
   * a cluster that has lost its majority, the first node to come back cannot yet.
   *
   * @throws IllegalStateException if it runs
   */
  public void start() {
    vessel.start();
  }

  /**
   * Stops the node if it runs, starts it on the data that it has, and waits until it serves.
   *
   * @throws IllegalStateException if it does not
   */
  public void restart() {
    if (isRunning()) {
      stop();
    }
    start();
    awaitReady();
  }

  /**
   * Ends the node, deletes its data, starts it as a new one at the same address, and waits until it
   * serves. Needs a node of our own: see {@link ServerSetup#processes()}.
   *
   * @throws IllegalStateException if it does not serve
   */
  public void restartEmpty() {
    vessel.discard();
    paused = false;
    start();
    awaitReady();
  }

  /**
   * Waits until the node serves its clients: it has a leader and says that it is well.
   *
   * @throws IllegalStateException if it ends or takes a minute; the message has the end of its log
   */
  public void awaitReady() {
    Until.holds(
        Until.BOUND,
        () -> this + " did not begin to serve; the end of its log:\n" + lastWords(),
        () -> {
          if (!vessel.isRunning()) {
            throw new IllegalStateException(
                this + " ended instead of serving; the end of its log:\n" + lastWords());
          }
          return type.isReady(statusAddress, options) && isReachable() && knowsVersion();
        });
  }

  /** A node that tells how it is may not listen for its clients yet, where these are two ports. */
  private boolean isReachable() throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host(), port()), CONNECT_MILLIS);
      return socket.isConnected();
    }
  }

  private boolean knowsVersion() throws IOException {
    if (version == null) {
      version = type.version(statusAddress, options);
      Stores.tested(description());
    }
    return true;
  }

  /**
   * Asks the node whether it takes itself for the leader. A leader that has been cut off or frozen
   * may do so for a while after another was elected.
   *
   * @return false also if it does not answer
   */
  public boolean isLeader() {
    if (paused || !isRunning()) {
      return false;
    }
    try {
      return type.isLeader(statusAddress, options);
    } catch (IOException e) {
      return false;
    }
  }

  /** What the node wrote. */
  String words() {
    return vessel.words();
  }

  private String lastWords() {
    String words = words();
    return words.substring(Math.max(0, words.length() - LAST_WORDS));
  }

  /** Ends the node and deletes its data; its log stays. Idempotent. */
  @Override
  public void close() {
    vessel.discard();
    cables.close();
  }

  @Override
  public String toString() {
    return type.store().title() + " " + name + " at " + address;
  }
}

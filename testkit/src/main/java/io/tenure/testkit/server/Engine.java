package io.tenure.testkit.server;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Whether a container engine answers, found out once per JVM. Testcontainers itself takes its time
 * to find that there is none, and is loud about it; so it is asked only where something answers.
 */
final class Engine {
  private static final boolean answers = isLibraryThere() && isDoorOpen() && Containers.usable();

  private Engine() {}

  static boolean answers() {
    return answers;
  }

  /** Testcontainers is an optional dependency. */
  private static boolean isLibraryThere() {
    try {
      Class.forName("org.testcontainers.DockerClientFactory", false, Engine.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  private static boolean isDoorOpen() {
    String given = System.getenv("DOCKER_HOST");
    if (given != null && !given.startsWith("unix://")) {
      return true;
    }
    Stream<String> sockets =
        given != null ? Stream.of(given.substring("unix://".length())) : usualSockets();
    return sockets.anyMatch(Engine::accepts) || isWindowsPipeThere();
  }

  private static Stream<String> usualSockets() {
    String home = System.getProperty("user.home");
    String runtime = System.getenv().getOrDefault("XDG_RUNTIME_DIR", home + "/.docker/run");
    return List.of(
        "/var/run/docker.sock",
        runtime + "/docker.sock",
        home + "/.docker/run/docker.sock",
        home + "/.docker/desktop/docker.sock")
        .stream();
  }

  private static boolean accepts(String socket) {
    if (!Files.exists(Path.of(socket))) {
      return false;
    }
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      return channel.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean isWindowsPipeThere() {
    try {
      return Files.exists(Path.of("\\\\.\\pipe\\docker_engine"));
    } catch (InvalidPathException e) {
      return false;
    }
  }
}

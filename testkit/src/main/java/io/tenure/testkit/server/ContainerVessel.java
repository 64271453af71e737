package io.tenure.testkit.server;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.exception.DockerException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.containers.GenericContainer;

/** A node that is a container; its data live as long as the container exists, running or not. */
final class ContainerVessel implements Vessel {
  private static final int END_SECONDS = 30;

  private final GenericContainer<?> container;
  private boolean paused;

  ContainerVessel(GenericContainer<?> container) {
    this.container = container;
  }

  @Override
  public void start() {
    if (isRunning()) {
      throw new IllegalStateException(container.getDockerImageName() + " runs already");
    }
    try {
      if (isCreated()) {
        client().startContainerCmd(container.getContainerId()).exec();
      } else {
        container.start();
      }
    } catch (ContainerLaunchException | DockerException e) {
      throw new IllegalStateException(
          "no container of " + container.getDockerImageName() + " starts: " + causes(e), e);
    }
  }

  /** What matters is at the bottom, for example that a port is taken. */
  private static String causes(Throwable error) {
    StringBuilder causes = new StringBuilder(String.valueOf(error.getMessage()));
    for (Throwable cause = error.getCause(); cause != null; cause = cause.getCause()) {
      causes.append(": ").append(cause.getMessage());
    }
    return causes.toString();
  }

  @Override
  public void stop() {
    resume();
    if (isRunning()) {
      client().stopContainerCmd(container.getContainerId()).withTimeout(END_SECONDS).exec();
      awaitEnd();
    }
  }

  @Override
  public void kill() {
    // An engine passes no signal to what is frozen.
    resume();
    if (isRunning()) {
      client().killContainerCmd(container.getContainerId()).exec();
      awaitEnd();
    }
  }

  private void awaitEnd() {
    Until.holds(
        Until.BOUND,
        () -> "the container of " + container.getDockerImageName() + " did not end",
        () -> !isRunning());
  }

  @Override
  public void pause() {
    client().pauseContainerCmd(container.getContainerId()).exec();
    paused = true;
  }

  @Override
  public void resume() {
    if (paused) {
      client().unpauseContainerCmd(container.getContainerId()).exec();
    }
    paused = false;
  }

  @Override
  public boolean isRunning() {
    if (!isCreated()) {
      return false;
    }
    ContainerState state =
        client().inspectContainerCmd(container.getContainerId()).exec().getState();
    return Boolean.TRUE.equals(state.getRunning());
  }

  private boolean isCreated() {
    return container.getContainerId() != null;
  }

  private DockerClient client() {
    return container.getDockerClient();
  }

  @Override
  public OptionalLong pid() {
    return OptionalLong.empty();
  }

  @Override
  public Optional<Path> log() {
    return Optional.empty();
  }

  @Override
  public String words() {
    return isCreated() ? container.getLogs() : "it has not been started";
  }

  @Override
  public void discard() {
    // Testcontainers removes what it stops.
    container.stop();
  }
}

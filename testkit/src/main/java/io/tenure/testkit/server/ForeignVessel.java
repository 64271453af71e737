package io.tenure.testkit.server;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/** A node that somebody else runs; it can be used, and nothing else. */
final class ForeignVessel implements Vessel {
  private final Store store;
  private final String address;

  ForeignVessel(Store store, String address) {
    this.store = store;
    this.address = address;
  }

  private UnsupportedOperationException refusal(String what) {
    return new UnsupportedOperationException(
        "cannot %s %s at %s: %s says that it runs elsewhere; unset it to have servers of our own"
            .formatted(what, store.title(), address, store.variable()));
  }

  @Override
  public void start() {
    throw refusal("start");
  }

  @Override
  public void stop() {
    throw refusal("stop");
  }

  @Override
  public void kill() {
    throw refusal("kill");
  }

  @Override
  public void pause() {
    throw refusal("pause");
  }

  @Override
  public void resume() {
    throw refusal("resume");
  }

  @Override
  public boolean isRunning() {
    return true;
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
    return "its log is elsewhere";
  }

  /** Leaves it running: it is not ours. */
  @Override
  public void discard() {}
}

package io.tenure.testkit.server;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/** What a node runs in. Every method returns only when what it says has happened. */
interface Vessel {
  /** Starts the node on whatever data it has; does not wait until it serves. */
  void start();

  /** Asks the node to end and waits until it has. */
  void stop();

  /** Ends the node without asking. */
  void kill();

  /** Freezes the node: its connections stay, nothing is answered. */
  void pause();

  void resume();

  boolean isRunning();

  /** The node's process, where it has one on this machine and runs. */
  OptionalLong pid();

  /** What the node wrote, where we can read it. */
  Optional<Path> log();

  /** What the node wrote. */
  String words();

  /** Kills the node and deletes its data. */
  void discard();
}

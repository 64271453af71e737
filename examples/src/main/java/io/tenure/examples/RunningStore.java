package io.tenure.examples;

/** A store that was started for this run, on this machine, and ends with {@link #close()}. */
interface RunningStore extends AutoCloseable {
  /** Where it is, as {@link Stores#connect} takes it. */
  String uri();

  /** What it is and where it came from, for people. */
  String description();

  @Override
  void close();
}

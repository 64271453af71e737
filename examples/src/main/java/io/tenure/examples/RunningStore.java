package io.tenure.examples;

/** A store that was started for this run, on this machine, and ends with {@link #close()}. */
interface RunningStore extends AutoCloseable {
  /** Where it is, as {@link Stores#connect} takes it. */
  String uri();

  @Override
  void close();
}

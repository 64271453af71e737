package io.tenure;

/**
 * A running observation that its owner ends.
 *
 * <p>Closing is idempotent, does no blocking I/O and never throws. A callback that is already
 * running when {@code close()} is called may still be running when it returns; none begins after
 * it.
 */
public interface Subscription extends AutoCloseable {
  @Override
  void close();
}

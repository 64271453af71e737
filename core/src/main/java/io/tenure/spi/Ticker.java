package io.tenure.spi;

/**
 * A monotonic clock, the only one that the core reads.
 *
 * <p>Readings have no meaning but their differences, which are compared by subtraction so that an
 * overflow is harmless. On Linux the system's ticker stands still while the machine is suspended: a
 * resumed process may believe in a lease for too long, and only the fencing token protects the
 * resource then.
 */
@FunctionalInterface
public interface Ticker {
  /**
   * Returns the elapsed time since an arbitrary origin.
   *
   * @return nanoseconds
   */
  long read();

  /**
   * Returns the ticker that reads {@link System#nanoTime()}.
   *
   * @return the system's ticker
   */
  static Ticker system() {
    return SystemTicker.INSTANCE;
  }
}

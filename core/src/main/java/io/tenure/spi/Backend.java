package io.tenure.spi;

/**
 * A kind of store and the way to it, from which each client gets a {@link StoreConnection}.
 *
 * <p>It is a description: it holds nothing open, does no I/O and needs no closing, and any number
 * of clients may be made from one. Thread-safe.
 */
public interface Backend {
  /**
   * Returns the store's traits.
   *
   * @return the traits
   */
  Traits traits();

  /**
   * Makes the connection of one client. Does no blocking I/O: a store that is down makes the first
   * request fail, not this.
   *
   * @param spec what the client asks for
   * @return a new one, which the client closes
   * @throws IllegalArgumentException if the store's own settings contradict {@code spec}, with the
   *     relation that is broken
   */
  StoreConnection open(ClientSpec spec);
}

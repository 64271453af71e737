package io.tenure.inmemory;

import static java.util.Objects.requireNonNull;

import io.tenure.spi.Backend;
import io.tenure.spi.ClientSpec;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.Traits;
import java.time.Duration;

/**
 * A backend whose store lives in this JVM's memory.
 *
 * <p>It coordinates the clients of one {@link InMemoryStore} and nothing beyond this JVM: two
 * processes that use it both lead. It is for tests, for development, and for a program that may run
 * as a single instance. When the process ends everything is forgotten, tokens included, so a
 * resource that outlives the process must not be guarded with them.
 *
 * <p>A request does no I/O and is normally answered before the call returns. A client that is
 * closed ends its own sessions and watches, never the store.
 */
public final class InMemoryBackend implements Backend {
  static final int MAX_WRITES = 128;

  private final InMemoryStore store;
  private final Traits traits;

  private InMemoryBackend(InMemoryStore store, Duration lateApplyWindow) {
    this.store = requireNonNull(store, "store");
    this.traits =
        new Traits(
            "memory",
            Duration.ofMillis(10),
            Duration.ofDays(1),
            Duration.ofSeconds(15),
            1.0,
            Duration.ofMillis(100),
            lateApplyWindow,
            MAX_WRITES,
            "store counter; restarts with the process");
  }

  /**
   * Creates a backend with a new store, which the clients that are made from it share.
   *
   * @return the backend
   */
  public static InMemoryBackend create() {
    return on(InMemoryStore.create());
  }

  /**
   * Creates a backend for a store that exists.
   *
   * @param store the store
   * @return the backend
   */
  public static InMemoryBackend on(InMemoryStore store) {
    return on(store, Duration.ZERO);
  }

  /**
   * Creates a backend for a store whose {@link Faults} apply requests late.
   *
   * @param store the store
   * @param lateApplyWindow the longest delay of {@link Fault#lateApply} or {@link Fault#delay} that
   *     will be injected, which becomes {@link Traits#lateApplyWindow()}; zero or longer
   * @return the backend
   * @throws IllegalArgumentException if {@code lateApplyWindow} is negative
   */
  public static InMemoryBackend on(InMemoryStore store, Duration lateApplyWindow) {
    if (lateApplyWindow.isNegative()) {
      throw new IllegalArgumentException(
          "a late-apply window is zero or longer, but this is " + lateApplyWindow);
    }
    return new InMemoryBackend(store, lateApplyWindow);
  }

  /**
   * Returns the store behind this backend.
   *
   * @return the store
   */
  public InMemoryStore store() {
    return store;
  }

  @Override
  public Traits traits() {
    return traits;
  }

  @Override
  public StoreConnection open(ClientSpec spec) {
    Duration ttl = spec.ttl();
    if (ttl.compareTo(traits.minTtl()) < 0 || ttl.compareTo(traits.maxTtl()) > 0) {
      throw new IllegalArgumentException(
          String.format(
              "the in-memory store takes a TTL from %s to %s, but this is %s",
              traits.minTtl(), traits.maxTtl(), ttl));
    }
    return new Link(store, spec);
  }
}

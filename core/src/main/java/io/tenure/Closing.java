package io.tenure;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Something open in a client that ends when the client is closed. Called in the lane. */
interface Closing {
  /** Begins an orderly end, if this has one; completes in the lane and never fails. */
  default CompletableFuture<Void> drain() {
    return CompletableFuture.completedFuture(null);
  }

  /** How long the orderly end may take. */
  default long drainBoundNanos() {
    return 0;
  }

  /** Ends at once. */
  void clientClosing();

  /** An orderly end that has begun, and its bound. */
  record Draining(CompletableFuture<Void> done, long boundNanos) {}

  /** Everything open in one client. Belongs to the lane. */
  final class Open {
    private final Set<Closing> parts = new LinkedHashSet<>();
    private volatile boolean closed;

    boolean isClosed() {
      return closed;
    }

    /** Returns false once the client is closing: nothing new begins then. */
    boolean add(Closing part) {
      return !closed && parts.add(part);
    }

    void remove(Closing part) {
      parts.remove(part);
    }

    /** Lets nothing new begin, and begins the orderly end of what there is. */
    Draining refuse() {
      closed = true;
      List<Closing> left = List.copyOf(parts);
      return new Draining(
          CompletableFuture.allOf(
              left.stream().map(Closing::drain).toArray(CompletableFuture<?>[]::new)),
          left.stream().mapToLong(Closing::drainBoundNanos).max().orElse(0));
    }

    /** Ends what is left. */
    void close() {
      List.copyOf(parts).forEach(Closing::clientClosing);
    }
  }
}

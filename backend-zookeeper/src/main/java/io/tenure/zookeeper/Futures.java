package io.tenure.zookeeper;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** What {@link CompletableFuture} leaves to its users. */
final class Futures {
  private Futures() {}

  /** Makes a request whose preparation may fail; that becomes the failure of the request. */
  static <T> CompletableFuture<T> attempt(Supplier<CompletableFuture<T>> send) {
    try {
      return send.get();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** All values in order, or the first failure once every future is done. */
  static <T> CompletableFuture<List<T>> all(List<CompletableFuture<T>> futures) {
    return CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new))
        .thenApply(done -> futures.stream().map(CompletableFuture::join).toList());
  }
}

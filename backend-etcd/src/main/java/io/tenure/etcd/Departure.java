package io.tenure.etcd;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.Event;
import io.etcd.jetcd.api.RangeResponse;
import io.tenure.etcd.Watches.Watcher;
import io.tenure.spi.Entry;
import io.tenure.spi.StoreException;
import io.tenure.spi.Wait;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the deletion of one key: watches it, then looks whether it is still there.
 *
 * <p>Looking after the watch has begun finds every earlier departure, whatever the server has
 * compacted. A watch from the version of the view would not: a deletion at the very revision of a
 * compaction was lost before etcd 3.5.18.
 */
final class Departure implements Wait, Watcher {
  private final Entry entry;
  private final ByteString key;
  private final Supplier<CompletableFuture<RangeResponse>> look;
  private final Consumer<Departure> onEnd;
  private final CompletableFuture<@Nullable Void> departed = new CompletableFuture<>();
  private final AtomicReference<Optional<Watch>> watch = new AtomicReference<>(Optional.empty());
  private final AtomicBoolean ended = new AtomicBoolean();

  /**
   * Prepares to wait.
   *
   * @param key the entry's
   * @param look reads it, on behalf of the session that waits
   * @param onEnd told when the wait is over, for whatever reason; more than once does no harm
   */
  Departure(
      Entry entry,
      ByteString key,
      Supplier<CompletableFuture<RangeResponse>> look,
      Consumer<Departure> onEnd) {
    this.entry = entry;
    this.key = key;
    this.look = look;
    this.onEnd = onEnd;
  }

  void begin(Watches watches) {
    watch.set(Optional.of(watches.deletionOf("watch " + entry, key, this)));
    // It may have ended while the watch was not yet known here.
    if (ended.get()) {
      cancel();
    }
  }

  @Override
  public void begun() {
    look.get()
        .whenComplete(
            (found, error) -> {
              if (error != null) {
                broken(Codes.explain(Codes.Effect.READ, "look for " + entry, error));
              } else if (!isThere(found)) {
                complete();
              }
            });
  }

  private boolean isThere(RangeResponse found) {
    return found.getKvsList().stream().anyMatch(kv -> kv.getCreateRevision() == entry.order());
  }

  /** Only deletions come here. */
  @Override
  public void happened(List<Event> events) {
    if (!events.isEmpty()) {
      complete();
    }
  }

  private void complete() {
    if (end()) {
      departed.complete(null);
    }
  }

  @Override
  public void broken(StoreException reason) {
    if (end()) {
      departed.completeExceptionally(reason);
    }
  }

  @Override
  public CompletionStage<@Nullable Void> departed() {
    return departed.minimalCompletionStage();
  }

  @Override
  public void cancel() {
    end();
  }

  /** True the first time. */
  private boolean end() {
    boolean first = ended.compareAndSet(false, true);
    onEnd.accept(this);
    watch.get().ifPresent(Watch::cancel);
    return first;
  }
}

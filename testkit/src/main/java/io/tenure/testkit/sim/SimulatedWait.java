package io.tenure.testkit.sim;

import io.tenure.spi.Entry;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import io.tenure.spi.Wait;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Somebody who waits for the departure of an entry. */
final class SimulatedWait implements Wait {
  private final Link link;
  private final StoredSession session;
  private final Entry entry;
  private final CompletableFuture<@Nullable Void> departed = new CompletableFuture<>();
  private boolean over;

  SimulatedWait(Link link, StoredSession session, Entry entry) {
    this.link = link;
    this.session = session;
    this.entry = entry;
  }

  StoredSession session() {
    return session;
  }

  void begin() {
    link.replica().watchOpened();
    if (link.weather().is(FaultKind.COMPACTION)) {
      link.event(
          () -> fail(new StoreTrouble(Outcome.NOT_DONE, "the version was compacted")), this::fail);
      return;
    }
    link.request(() -> !over && link.store().await(this, entry))
        .whenComplete(
            (gone, error) -> {
              if (error != null) {
                fail(error);
              } else if (gone) {
                complete();
              }
            });
  }

  /** Called at the store: the entry has gone. */
  void departing() {
    link.event(this::complete, this::fail);
  }

  /** Called at the store: the watch is over without a departure. */
  void failing(StoreException why) {
    link.event(() -> fail(why), this::fail);
  }

  private void complete() {
    if (end()) {
      departed.complete(null);
    }
  }

  private void fail(Throwable why) {
    if (end()) {
      departed.completeExceptionally(why);
    }
  }

  @Override
  public CompletionStage<@Nullable Void> departed() {
    return departed;
  }

  @Override
  public void cancel() {
    end();
  }

  private boolean end() {
    if (over) {
      return false;
    }
    over = true;
    link.store().forget(this, entry);
    link.replica().watchClosed();
    return true;
  }
}

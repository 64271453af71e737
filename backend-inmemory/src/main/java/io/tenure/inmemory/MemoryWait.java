package io.tenure.inmemory;

import io.tenure.inmemory.Faults.Operation;
import io.tenure.spi.Entry;
import io.tenure.spi.StoreException;
import io.tenure.spi.Wait;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Someone who waits for an entry's departure. Whoever settles it first decides how it ends. */
final class MemoryWait implements Wait {
  private final Link link;
  private final SessionState session;
  private final Entry entry;
  private final CompletableFuture<@Nullable Void> departed = new CompletableFuture<>();
  private final AtomicBoolean settled = new AtomicBoolean();

  MemoryWait(Link link, SessionState session, Entry entry) {
    this.link = link;
    this.session = session;
    this.entry = entry;
  }

  SessionState session() {
    return session;
  }

  Entry entry() {
    return entry;
  }

  boolean isSettled() {
    return settled.get();
  }

  /** Registers with the store. */
  void begin() {
    link.<@Nullable Void>send(
            Operation.WATCH,
            entry.queue().path(),
            model -> {
              model.await(this);
              return null;
            })
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                fail(failure);
              }
            });
  }

  /** Sends the departure on its way. */
  void entryDeparted() {
    link.event(entry.queue().path(), this::complete, MemoryWait::stayIgnorant, this::fail);
  }

  /** Sends the end of the waiting session on its way. */
  void sessionEnded(StoreException cause) {
    if (!isSettled()) {
      link.event(entry.queue().path(), () -> fail(cause), MemoryWait::stayIgnorant, this::fail);
    }
  }

  /** A dropped event is one of which nothing is heard, ever. */
  private static void stayIgnorant() {}

  void complete() {
    if (leave()) {
      departed.complete(null);
    }
  }

  void fail(Throwable cause) {
    if (leave()) {
      departed.completeExceptionally(cause);
    }
  }

  @Override
  public CompletionStage<@Nullable Void> departed() {
    return departed;
  }

  @Override
  public void cancel() {
    leave();
  }

  private boolean leave() {
    boolean first = settled.compareAndSet(false, true);
    if (first) {
      link.store().run(model -> model.forget(this));
    }
    return first;
  }
}

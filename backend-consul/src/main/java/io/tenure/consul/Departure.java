package io.tenure.consul;

import io.tenure.spi.StoreException;
import io.tenure.spi.Wait;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A wait for one entry's departure: that its key is gone, or no session holds it any more. */
final class Departure implements Follower, Wait {
  private final String key;
  private final CompletableFuture<@Nullable Void> departed = new CompletableFuture<>();
  private final Consumer<Departure> atEnd;
  private final AtomicBoolean over = new AtomicBoolean();

  Departure(String key, Consumer<Departure> atEnd) {
    this.key = key;
    this.atEnd = atEnd;
  }

  @Override
  public Place place() {
    return new Place(key, Place.Scope.KEY);
  }

  @Override
  public Place crowd() {
    return new Place(Keys.parent(Keys.directory(key)), Place.Scope.NAMES);
  }

  @Override
  public boolean isConcerned(Snapshot crowd) {
    return crowd.pairs().stream().noneMatch(pair -> pair.key().equals(key));
  }

  @Override
  public boolean see(Snapshot now) {
    boolean isHeld = now.pairs().stream().anyMatch(pair -> pair.holder().isPresent());
    if (!isHeld && end()) {
      departed.complete(null);
    }
    return isHeld;
  }

  @Override
  public void fail(StoreException e) {
    if (end()) {
      departed.completeExceptionally(e);
    }
  }

  private boolean end() {
    boolean first = over.compareAndSet(false, true);
    if (first) {
      atEnd.accept(this);
    }
    return first;
  }

  @Override
  public boolean isOver() {
    return over.get();
  }

  @Override
  public CompletionStage<@Nullable Void> departed() {
    return departed.minimalCompletionStage();
  }

  /** The query goes on until the servers answer it; see {@link Feed}. */
  @Override
  public void cancel() {
    end();
  }
}

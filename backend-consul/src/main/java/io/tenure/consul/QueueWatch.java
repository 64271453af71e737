package io.tenure.consul;

import io.tenure.Subscription;
import io.tenure.spi.Detail;
import io.tenure.spi.QueueName;
import io.tenure.spi.QueueView;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Follows one queue, and shows a view when it is another than the last one. */
final class QueueWatch implements Follower, Subscription {
  private final QueueName queue;
  private final String prefix;
  private final Detail detail;
  private final Consumer<QueueView> onView;
  private final Consumer<Throwable> onEnd;
  private final AtomicBoolean over = new AtomicBoolean();
  private volatile Optional<List<Pair>> seen = Optional.empty();

  QueueWatch(
      QueueName queue,
      String prefix,
      Detail detail,
      Consumer<QueueView> onView,
      Consumer<Throwable> onEnd) {
    this.queue = queue;
    this.prefix = prefix;
    this.detail = detail;
    this.onView = onView;
    this.onEnd = onEnd;
  }

  @Override
  public Place place() {
    return new Place(prefix, Place.Scope.TREE);
  }

  @Override
  public Place crowd() {
    return new Place(Keys.parent(prefix), Place.Scope.TREE);
  }

  @Override
  public boolean isConcerned(Snapshot crowd) {
    return !seen.equals(Optional.of(entries(crowd)));
  }

  @Override
  public boolean see(Snapshot now) {
    Optional<List<Pair>> entries = Optional.of(entries(now));
    if (!seen.equals(entries)) {
      seen = entries;
      show(Queues.view(queue, prefix, now, detail));
    }
    return !over.get();
  }

  private void show(QueueView view) {
    try {
      onView.accept(view);
    } catch (RuntimeException e) {
      fail(new StoreException(Outcome.NOT_DONE, "a view of " + queue + " was not taken", e));
    }
  }

  private List<Pair> entries(Snapshot snapshot) {
    return snapshot.pairs().stream().filter(pair -> Queues.isEntry(pair, prefix)).toList();
  }

  @Override
  public void fail(StoreException e) {
    if (over.compareAndSet(false, true)) {
      onEnd.accept(e);
    }
  }

  @Override
  public boolean isOver() {
    return over.get();
  }

  /** The query goes on until the servers answer it; see {@link Feed}. */
  @Override
  public void close() {
    over.set(true);
  }
}

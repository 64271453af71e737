package io.tenure.testkit.sim;

import io.tenure.Candidate;
import io.tenure.DistributedLock;
import io.tenure.Lease;
import io.tenure.LossPolicy;
import io.tenure.spi.QueueName;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** The real lock; what it grants is shown to the checks. */
final class ObservedLock implements DistributedLock {
  private final DistributedLock real;
  private final Replica replica;
  private final LeaseBook book;
  private final QueueName queue;

  ObservedLock(DistributedLock real, Replica replica, LeaseBook book) {
    this.real = real;
    this.replica = replica;
    this.book = book;
    this.queue = LeaseBook.lock(real.name());
  }

  @Override
  public String name() {
    return real.name();
  }

  @Override
  public Lease acquire() throws InterruptedException {
    long newest = book.newest(queue);
    Lease lease = real.acquire();
    book.granted(replica, queue, lease, newest, true);
    return lease;
  }

  @Override
  public Optional<Lease> tryAcquire() throws InterruptedException {
    long newest = book.newest(queue);
    return shown(real.tryAcquire(), newest, true);
  }

  @Override
  public Optional<Lease> tryAcquire(Duration timeout) throws InterruptedException {
    long newest = book.newest(queue);
    return shown(real.tryAcquire(timeout), newest, true);
  }

  private Optional<Lease> shown(Optional<Lease> lease, long newest, boolean now) {
    lease.ifPresent(granted -> book.granted(replica, queue, granted, newest, now));
    return lease;
  }

  @Override
  public CompletableFuture<Lease> acquireAsync() {
    long newest = book.newest(queue);
    CompletableFuture<Lease> future = real.acquireAsync();
    future.thenAccept(lease -> book.granted(replica, queue, lease, newest));
    return future;
  }

  @Override
  public CompletableFuture<Optional<Lease>> tryAcquireAsync() {
    return shown(real::tryAcquireAsync);
  }

  @Override
  public CompletableFuture<Optional<Lease>> tryAcquireAsync(Duration timeout) {
    return shown(() -> real.tryAcquireAsync(timeout));
  }

  private CompletableFuture<Optional<Lease>> shown(
      Supplier<CompletableFuture<Optional<Lease>>> attempt) {
    long newest = book.newest(queue);
    CompletableFuture<Optional<Lease>> future = attempt.get();
    future.thenAccept(lease -> shown(lease, newest, false));
    return future;
  }

  @Override
  public DistributedLock atMostFor(Duration limit) {
    return new ObservedLock(real.atMostFor(limit), replica, book);
  }

  @Override
  public DistributedLock onLoss(LossPolicy policy) {
    return new ObservedLock(real.onLoss(policy), replica, book);
  }

  @Override
  public Optional<Candidate> holder() throws InterruptedException {
    return real.holder();
  }

  @Override
  public CompletableFuture<Optional<Candidate>> holderAsync() {
    return real.holderAsync();
  }
}

package io.tenure.testkit.sim;

import io.tenure.Candidate;
import io.tenure.DistributedLock;
import io.tenure.Lease;
import io.tenure.LossPolicy;
import io.tenure.spi.QueueName;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
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
    return blocking(() -> Optional.of(real.acquire())).orElseThrow();
  }

  @Override
  public Optional<Lease> tryAcquire() throws InterruptedException {
    return blocking(real::tryAcquire);
  }

  @Override
  public Optional<Lease> tryAcquire(Duration timeout) throws InterruptedException {
    return blocking(() -> real.tryAcquire(timeout));
  }

  /** An attempt that blocks. */
  private interface Attempt {
    Optional<Lease> make() throws InterruptedException;
  }

  private Optional<Lease> blocking(Attempt attempt) throws InterruptedException {
    long newest = book.newest(queue);
    Callers.Call call = book.callers().begin(replica, queue);
    try {
      Optional<Lease> lease = attempt.make();
      lease.ifPresent(granted -> show(granted, call, newest, true));
      return lease;
    } finally {
      call.over();
    }
  }

  private void show(Lease lease, Callers.Call call, long newest, boolean now) {
    book.granted(replica, queue, lease, newest, now);
    call.granted(lease.token());
  }

  @Override
  public CompletableFuture<Lease> acquireAsync() {
    return shown(real::acquireAsync, Optional::of);
  }

  @Override
  public CompletableFuture<Optional<Lease>> tryAcquireAsync() {
    return shown(real::tryAcquireAsync, Function.identity());
  }

  @Override
  public CompletableFuture<Optional<Lease>> tryAcquireAsync(Duration timeout) {
    return shown(() -> real.tryAcquireAsync(timeout), Function.identity());
  }

  private <T> CompletableFuture<T> shown(
      Supplier<CompletableFuture<T>> attempt, Function<T, Optional<Lease>> lease) {
    long newest = book.newest(queue);
    Callers.Call call = book.callers().begin(replica, queue);
    CompletableFuture<T> future = attempt.get();
    future.whenComplete(
        (value, error) -> {
          if (error == null) {
            lease.apply(value).ifPresent(granted -> show(granted, call, newest, false));
          }
          call.over();
        });
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

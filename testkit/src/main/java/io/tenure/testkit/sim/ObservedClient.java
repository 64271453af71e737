package io.tenure.testkit.sim;

import io.tenure.Cells;
import io.tenure.CoordinationClient;
import io.tenure.DistributedLock;
import io.tenure.Health;
import io.tenure.LeaderElection;
import io.tenure.LeaderLatch;

/** The real client; what it grants is shown to the checks. */
final class ObservedClient implements CoordinationClient {
  private final CoordinationClient real;
  private final Replica replica;
  private final LeaseBook book;

  ObservedClient(CoordinationClient real, Replica replica, LeaseBook book) {
    this.real = real;
    this.replica = replica;
    this.book = book;
  }

  @Override
  public DistributedLock lock(String name) {
    return new ObservedLock(real.lock(name), replica, book);
  }

  @Override
  public LeaderLatch leaderLatch(String name) {
    LeaderLatch latch = real.leaderLatch(name);
    replica.standsFor(LeaseBook.election(name));
    latch.addListener(book.listener(replica, name));
    return latch;
  }

  @Override
  public LeaderElection election(String name) {
    return real.election(name);
  }

  @Override
  public Cells cells() {
    return real.cells();
  }

  @Override
  public String candidate() {
    return real.candidate();
  }

  @Override
  public Health health() {
    return real.health();
  }

  @Override
  public void close() {
    real.close();
  }
}

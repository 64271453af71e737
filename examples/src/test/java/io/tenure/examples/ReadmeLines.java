package io.tenure.examples;

import io.tenure.Candidate;
import io.tenure.CoordinationClient;
import io.tenure.FencingToken;
import io.tenure.Lease;
import io.tenure.SingletonTask;
import io.tenure.Subscription;
import io.tenure.fencing.JdbcFencingGuard;
import io.tenure.zookeeper.ZooKeeperBackend;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * The lines that the README shows, in a class that the compiler reads; {@link ReadmeTest} compares
 * the two. It is never run: the {@code …Example} classes are.
 */
@SuppressWarnings({"try", "unused"})
abstract class ReadmeLines {
  void task() throws InterruptedException {
    try (var client =
            CoordinationClient.create(ZooKeeperBackend.connect("zk-1:2181,zk-2:2181,zk-3:2181"));
        var latch = client.leaderLatch("reports").start();
        var task =
            SingletonTask.start(
                latch,
                lease -> {
                  while (lease.isHeld()) {
                    rebuild(lease.token());
                    Thread.sleep(1_000);
                  }
                })) {
      awaitShutdown();
    }
  }

  void lock(CoordinationClient client) throws InterruptedException {
    try (Lease lease = client.lock("accounts/42").acquire()) {
      transfer(lease);
    }
    Optional<Lease> maybe = client.lock("accounts/42").tryAcquire(Duration.ofSeconds(2));
  }

  void guardedWrite(DataSource dataSource, Lease lease) throws SQLException {
    var guard = JdbcFencingGuard.onTable("tenure_fence");
    try (Connection tx = dataSource.getConnection()) {
      tx.setAutoCommit(false);
      guard.admit(tx, "accounts/42", lease.token());
      debit(tx);
      tx.commit();
    }
  }

  void observe(CoordinationClient client) {
    Subscription s = client.election("reports").observe(leader -> log(leader));
  }

  abstract void rebuild(FencingToken token);

  abstract void awaitShutdown() throws InterruptedException;

  abstract void transfer(Lease lease);

  abstract void debit(Connection tx);

  abstract void log(Optional<Candidate> leader);
}

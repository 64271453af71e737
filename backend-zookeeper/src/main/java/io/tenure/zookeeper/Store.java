package io.tenure.zookeeper;

import io.tenure.Subscription;
import io.tenure.Versioned;
import io.tenure.spi.Detail;
import io.tenure.spi.Mutation;
import io.tenure.spi.QueueName;
import io.tenure.spi.QueueView;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import io.tenure.spi.StoreSession;
import io.tenure.spi.WriteOutcome;
import io.tenure.zookeeper.Codes.Request;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** ZooKeeper as one client sees it. */
final class Store implements StoreConnection {
  private final SessionTerms terms;
  private final Connection connection;
  private final Paths paths;
  private final LongSupplier clock;
  private final Parents parents;
  private final Queues queues;
  private final Cells cells;
  private final Watches watches;

  Store(SessionTerms terms, Connection connection, Paths paths, LongSupplier clock) {
    this.terms = terms;
    this.connection = connection;
    this.paths = paths;
    this.clock = clock;
    this.parents = new Parents(connection::acl);
    this.queues = new Queues(paths);
    this.cells = new Cells(paths, parents, connection::acl);
    this.watches = new Watches(connection, paths);
  }

  @Override
  public CompletableFuture<StoreSession> openSession() {
    long askedAt = clock.getAsLong();
    return request(Request.LOOK, "open a session", handle -> openSession(handle, askedAt));
  }

  private CompletableFuture<StoreSession> openSession(Handle handle, long askedAt) {
    Optional<String> objection = terms.objection(handle.sessionTimeout());
    if (objection.isPresent()) {
      throw new StoreException(Outcome.REFUSED, objection.get());
    }
    Proof proof = new Proof(handle, terms.tickTime(), connection.bornAt(handle), clock);
    return proof.open(askedAt).thenApply(validity -> session(handle, proof, validity));
  }

  private StoreSession session(Handle handle, Proof proof, Duration validity) {
    Belongings belongings = new Belongings();
    Enqueuing entries = new Enqueuing(handle, paths, parents, connection::acl, belongings);
    return new ZooKeeperSession(handle, proof, validity, entries, cells, belongings);
  }

  @Override
  public CompletableFuture<QueueView> read(QueueName queue, Detail detail) {
    return request(Request.LOOK, "read " + queue, handle -> queues.read(handle, queue, detail));
  }

  @Override
  public Subscription watch(
      QueueName queue, Detail detail, Consumer<QueueView> onView, Consumer<Throwable> onEnd) {
    return watches.watch(queue, detail, onView, onEnd);
  }

  @Override
  public CompletableFuture<Optional<Versioned>> get(String key) {
    return request(Request.LOOK, "read " + key, handle -> cells.get(handle, key));
  }

  @Override
  public CompletableFuture<WriteOutcome> write(List<Mutation> writes) {
    List<Mutation> copy = List.copyOf(writes);
    return request(
        Request.CELL, "write " + copy.size() + " cells", handle -> cells.write(handle, copy));
  }

  private <T> CompletableFuture<T> request(
      Request kind, String what, Function<Handle, CompletableFuture<T>> send) {
    return connection
        .handle()
        .thenCompose(send)
        .exceptionally(
            error -> {
              throw Codes.explain(kind, what, error);
            });
  }

  /**
   * Closes this client's watches, and its connection unless that is the user's, which ends the
   * ZooKeeper session. Waits for the server's answer as long as for that to any request.
   */
  @Override
  public void close() {
    watches.close();
    connection.close();
  }
}

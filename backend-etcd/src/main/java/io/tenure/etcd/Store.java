package io.tenure.etcd;

import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.LeaseGrantResponse;
import io.etcd.jetcd.api.TxnRequest;
import io.tenure.Subscription;
import io.tenure.Versioned;
import io.tenure.etcd.Codes.Effect;
import io.tenure.etcd.StoreAge.Mark;
import io.tenure.spi.ClientSpec;
import io.tenure.spi.Detail;
import io.tenure.spi.Mutation;
import io.tenure.spi.QueueName;
import io.tenure.spi.QueueView;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.StoreSession;
import io.tenure.spi.WriteOutcome;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** etcd as one client sees it. */
final class Store implements StoreConnection {
  private static final Logger log = LoggerFactory.getLogger(Store.class);

  private final ClientSpec client;
  private final Parts parts;
  private final SecureRandom random = new SecureRandom();
  private final Set<EtcdSession> sessions = ConcurrentHashMap.newKeySet();

  /** The client's present session, as far as the client knows. */
  private final AtomicReference<Optional<EtcdSession>> present =
      new AtomicReference<>(Optional.empty());

  /** What sessions share. */
  record Parts(
      Connection connection, Requests requests, Watches watches, StoreAge age, Duration timeout) {}

  Store(ClientSpec client, Connection connection) {
    this.client = client;
    StoreAge age = new StoreAge();
    Duration timeout = client.requestTimeout();
    this.parts =
        new Parts(
            connection,
            new Requests(connection, age, timeout),
            new Watches(connection),
            age,
            timeout);
  }

  /**
   * Has a lease granted and writes the key that lives as long. The lease's id is our own choice, so
   * that one whose grant was not answered can be revoked.
   */
  @Override
  public CompletableFuture<StoreSession> openSession() {
    present.set(Optional.empty());
    return withKeys(
        "open a session",
        keys -> {
          Mark openedAt = parts.age().mark();
          long leaseId = random.nextLong(1, Long.MAX_VALUE);
          LeaseGrantRequest grant =
              LeaseGrantRequest.newBuilder().setID(leaseId).setTTL(ttlSeconds()).build();
          return parts
              .requests()
              .grant("open a session", grant)
              .thenCompose(granted -> settle(keys, openedAt, granted))
              .whenComplete(
                  (session, error) -> {
                    if (error != null) {
                      abandon(leaseId);
                    }
                  });
        });
  }

  /** etcd counts in seconds; a longer time is safe, since the granted one counts. */
  private long ttlSeconds() {
    return client.ttl().plusNanos(999_999_999).toSeconds();
  }

  private CompletableFuture<StoreSession> settle(
      Keys keys, Mark openedAt, LeaseGrantResponse granted) {
    byte[] owner = client.candidate().getBytes(StandardCharsets.UTF_8);
    long leaseId = granted.getID();
    TxnRequest put =
        TxnRequest.newBuilder()
            .addSuccess(Protocol.put(keys.session(leaseId), owner, leaseId))
            .build();
    return parts
        .requests()
        .txn("open a session", put)
        .thenApply(
            answer -> {
              EtcdSession session =
                  new EtcdSession(
                      parts,
                      keys,
                      openedAt,
                      Math.max(granted.getHeader().getRaftTerm(), answer.getHeader().getRaftTerm()),
                      leaseId,
                      Duration.ofSeconds(granted.getTTL()));
              parts.age().logIfUntold();
              sessions.add(session);
              present.set(Optional.of(session));
              session.closed().whenComplete((done, error) -> sessions.remove(session));
              return session;
            });
  }

  private void abandon(long leaseId) {
    EtcdSession.revoke(parts.requests(), leaseId)
        .whenComplete(
            (done, error) -> {
              if (error != null) {
                log.debug("a lease that nobody uses ends with its TTL", error);
              }
            });
  }

  @Override
  public CompletableFuture<QueueView> read(QueueName queue, Detail detail) {
    Optional<EtcdSession> session = present.get();
    return withKeys(
        "read " + queue,
        keys ->
            new Queues(parts.requests(), keys)
                .read(queue, detail)
                .thenApply(
                    view -> {
                      session.ifPresent(EtcdSession::requireViewOfSameStore);
                      return view;
                    }));
  }

  @Override
  public Subscription watch(
      QueueName queue, Detail detail, Consumer<QueueView> onView, Consumer<Throwable> onEnd) {
    QueueWatch watch = new QueueWatch(queue, detail, onView, onEnd);
    parts
        .connection()
        .keys()
        .whenComplete(
            (keys, error) -> {
              if (error == null) {
                watch.begin(new Queues(parts.requests(), keys), parts.watches(), keys);
              } else {
                watch.broken(Codes.explain(Effect.READ, "watch " + queue, error));
              }
            });
    return watch;
  }

  @Override
  public CompletableFuture<Optional<Versioned>> get(String key) {
    return withKeys("read " + key, keys -> new Cells(parts.requests(), keys).get(key));
  }

  @Override
  public CompletableFuture<WriteOutcome> write(List<Mutation> writes) {
    List<Mutation> copy = List.copyOf(writes);
    return withKeys("write cells", keys -> new Cells(parts.requests(), keys).write(copy));
  }

  private <T> CompletableFuture<T> withKeys(
      String what, Function<Keys, CompletableFuture<T>> request) {
    return parts
        .connection()
        .keys()
        .thenCompose(request)
        .exceptionally(
            error -> {
              // Whatever was sent has explained itself.
              throw Codes.explain(Effect.READ, what, error);
            });
  }

  /**
   * Closes this client's sessions and watches, and its connection unless that is the user's. Waits
   * for the servers' answer as long as for that to any request.
   */
  @Override
  public void close() {
    parts.watches().close();
    CompletableFuture<?>[] ending =
        sessions.stream()
            .map(session -> session.close().toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new);
    try {
      CompletableFuture.allOf(ending).get(parts.timeout().toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      log.info("a session could not be closed and ends with its TTL", e);
    }
    parts.connection().close();
  }
}

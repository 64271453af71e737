package io.tenure.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jetcd client, and what its requests go through.
 *
 * <p>A client of our own is replaced when nobody has been reached through it for a while: gRPC
 * tries again ever more seldom, up to every two minutes, and jetcd has no way to tell it that we
 * cannot wait so long. Thread-safe.
 */
final class Connection implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Connection.class);

  /** gRPC's first pauses are shorter than this. */
  private static final Duration PATIENCE = Duration.ofSeconds(4);

  private final Optional<Supplier<Client>> replacement;
  private final String root;
  private final Duration timeout;
  private final LongSupplier clock;

  private final ReentrantLock lock = new ReentrantLock();
  private Client client;
  private @Nullable CompletableFuture<Wire> wire;
  private @Nullable CompletableFuture<Void> tokenRenewal;
  private boolean closed;
  private long unreachableSince;
  private boolean replacedSince;
  private volatile boolean unreachable;

  private Connection(
      Client client,
      Optional<Supplier<Client>> replacement,
      String root,
      Duration timeout,
      LongSupplier clock) {
    this.client = client;
    this.replacement = replacement;
    this.root = root;
    this.timeout = timeout;
    this.clock = clock;
  }

  /** Connects with clients of our own. */
  static Connection own(
      Supplier<Client> source, String root, Duration timeout, LongSupplier clock) {
    return new Connection(source.get(), Optional.of(source), root, timeout, clock);
  }

  /** Uses a client that belongs to somebody else, who closes it. */
  static Connection lent(Client client, String root, Duration timeout, LongSupplier clock) {
    return new Connection(client, Optional.empty(), root, timeout, clock);
  }

  /** What requests go through now. */
  CompletableFuture<Wire> wire() {
    lock.lock();
    try {
      if (closed) {
        return CompletableFuture.failedFuture(
            new StoreException(Outcome.REFUSED, "the backend is closed"));
      }
      if (wire == null || wire.isCompletedExceptionally()) {
        wire = Tap.INSTANCE.probe(client, root, timeout);
      }
      return wire;
    } finally {
      lock.unlock();
    }
  }

  /** Where our keys are. */
  CompletableFuture<Keys> keys() {
    return wire().thenApply(now -> new Keys(now.namespace(), root));
  }

  /** Has jetcd get a new token: it does so when a request of its own is refused for the old one. */
  CompletableFuture<Void> renewToken() {
    lock.lock();
    try {
      if (tokenRenewal == null || tokenRenewal.isDone()) {
        tokenRenewal =
            client
                .getKVClient()
                .get(ByteSequence.from(Tap.key(root), UTF_8))
                .<Void>thenApply(answer -> null)
                .orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS);
      }
      return tokenRenewal;
    } finally {
      lock.unlock();
    }
  }

  /** Somebody has answered. */
  void reached() {
    unreachable = false;
  }

  /** A request failed because nobody is there. */
  void notReached() {
    Client old;
    boolean first;
    lock.lock();
    try {
      long now = clock.getAsLong();
      if (!unreachable) {
        unreachable = true;
        unreachableSince = now;
        replacedSince = false;
      }
      if (closed || replacement.isEmpty() || now - unreachableSince < PATIENCE.toNanos()) {
        return;
      }
      unreachableSince = now;
      first = !replacedSince;
      replacedSince = true;
      old = client;
      client = replacement.get().get();
      wire = null;
    } finally {
      lock.unlock();
    }
    if (first) {
      log.info("no etcd server was reached for {}; connecting anew until one is", PATIENCE);
    }
    old.close();
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
    } finally {
      lock.unlock();
    }
    if (replacement.isPresent()) {
      client.close();
    }
  }
}

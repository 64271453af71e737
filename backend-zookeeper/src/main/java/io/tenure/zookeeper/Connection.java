package io.tenure.zookeeper;

import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.imps.CuratorFrameworkState;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.curator.framework.state.ConnectionStateListener;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.proto.CreateRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to ZooKeeper: hands out the handle of the session that Curator keeps at the moment.
 *
 * <p>Thread-safe. Curator is opened when the first request needs it, on a thread of its own, since
 * it looks up the name of this machine on the way.
 */
final class Connection implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Connection.class);
  private static final byte[] NOTHING = {};

  private final FrameworkSource source;
  private final Duration timeout;
  private final Set<CompletableFuture<Handle>> waiting = ConcurrentHashMap.newKeySet();
  private final ConnectionStateListener listener = this::stateChanged;
  private final Object opening = new Object();
  private Optional<CompletableFuture<CuratorFramework>> framework = Optional.empty();
  private boolean closed;

  Connection(FrameworkSource source, Duration timeout) {
    this.source = source;
    this.timeout = timeout;
  }

  /** Returns the handle as soon as it is connected, for which it waits as long as for an answer. */
  CompletableFuture<Handle> handle() {
    return framework().thenCompose(this::connected);
  }

  /** The earliest moment at which a handle's session can have begun, if that is known. */
  OptionalLong bornAt(Handle handle) {
    return source.bornAt(handle.zooKeeper());
  }

  /**
   * Returns the access rights that Curator's own requests would give to a new node.
   *
   * <p>Curator shows its provider to nobody, but an operation for a transaction can be looked into
   * before it is sent anywhere.
   */
  List<ACL> acl(String path) {
    CuratorFramework curator = framework().join();
    try {
      CreateRequest request =
          (CreateRequest)
              curator
                  .usingNamespace(null)
                  .transactionOp()
                  .create()
                  .forPath(path, NOTHING)
                  .get()
                  .toRequestRecord();
      return request.getAcl();
    } catch (Exception e) {
      throw new StoreException(Outcome.REFUSED, "the ACL provider failed for " + path, e);
    }
  }

  private CompletableFuture<CuratorFramework> framework() {
    synchronized (opening) {
      if (closed) {
        return CompletableFuture.failedFuture(
            new StoreException(Outcome.REFUSED, "this ZooKeeper backend is closed"));
      }
      if (framework.isEmpty()) {
        framework =
            Optional.of(
                source
                    .open()
                    .whenComplete(
                        (curator, error) -> {
                          if (error == null) {
                            curator
                                .getConnectionStateListenable()
                                .addListener(listener, Runnable::run);
                          }
                        }));
      }
      return framework.get();
    }
  }

  private CompletableFuture<Handle> connected(CuratorFramework curator) {
    Optional<Handle> now = connectedNow(curator);
    if (now.isPresent()) {
      return CompletableFuture.completedFuture(now.get());
    }
    CompletableFuture<Handle> waiter = new CompletableFuture<>();
    waiting.add(waiter);
    // It may have connected just before we began to listen.
    connectedNow(curator).ifPresent(waiter::complete);
    return waiter
        .orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS)
        .whenComplete((handle, error) -> waiting.remove(waiter))
        .exceptionally(
            error -> {
              if (Codes.unwrap(error) instanceof TimeoutException) {
                // Curator tells its listeners nothing of credentials that were refused.
                return connectedNow(curator).orElseThrow(this::notReached);
              }
              throw Codes.explain(Codes.Request.LOOK, "connect", error);
            });
  }

  private StoreException notReached() {
    return new StoreException(
        Outcome.NOT_DONE, "no ZooKeeper server could be reached within " + timeout);
  }

  private Optional<Handle> connectedNow(CuratorFramework curator) {
    if (curator.getState() != CuratorFrameworkState.STARTED) {
      throw new StoreException(
          Outcome.REFUSED, "the Curator framework is " + curator.getState() + ", not STARTED");
    }
    ZooKeeper zk;
    try {
      zk = curator.getZookeeperClient().getZooKeeper();
    } catch (Exception e) {
      throw new StoreException(Outcome.NOT_DONE, "Curator has no connection", e);
    }
    if (zk.getClientConfig().getBoolean(ZKClientConfig.DISABLE_AUTO_WATCH_RESET)) {
      throw new StoreException(
          Outcome.REFUSED,
          ZKClientConfig.DISABLE_AUTO_WATCH_RESET
              + " must be off: watches that end with a connection miss what happens meanwhile");
    }
    if (zk.getState() == ZooKeeper.States.AUTH_FAILED) {
      source.renew();
      throw new StoreException(Outcome.REFUSED, "ZooKeeper refused the client's credentials");
    }
    return zk.getState() == ZooKeeper.States.CONNECTED
        ? Optional.of(new Handle(zk, timeout))
        : Optional.empty();
  }

  private void stateChanged(CuratorFramework curator, ConnectionState state) {
    log.debug("connection to ZooKeeper: {}", state);
    if (!waiting.isEmpty() && state.isConnected()) {
      try {
        connectedNow(curator)
            .ifPresent(handle -> waiting.forEach(waiter -> waiter.complete(handle)));
      } catch (StoreException e) {
        waiting.forEach(waiter -> waiter.completeExceptionally(e));
      }
    }
  }

  @Override
  public void close() {
    Optional<CompletableFuture<CuratorFramework>> open;
    synchronized (opening) {
      if (closed) {
        return;
      }
      closed = true;
      open = framework;
    }
    StoreException reason = new StoreException(Outcome.REFUSED, "this ZooKeeper backend is closed");
    waiting.forEach(waiter -> waiter.completeExceptionally(reason));
    open.ifPresent(this::close);
  }

  private void close(CompletableFuture<CuratorFramework> open) {
    open.thenAccept(curator -> curator.getConnectionStateListenable().removeListener(listener));
    source.close(open, timeout);
  }
}

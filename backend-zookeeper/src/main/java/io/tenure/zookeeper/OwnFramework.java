package io.tenure.zookeeper;

import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.curator.utils.DefaultZookeeperFactory;
import org.apache.curator.utils.ZookeeperFactory;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ZKClientConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A framework of our own, made for one session timeout and closed with its client. */
final class OwnFramework implements FrameworkSource {
  private static final Logger log = LoggerFactory.getLogger(OwnFramework.class);

  private final CuratorFrameworkFactory.Builder builder;
  private final LongSupplier clock;
  private final AtomicBoolean renewing = new AtomicBoolean();
  private volatile Optional<CuratorFramework> opened = Optional.empty();
  private volatile Optional<Birth> newest = Optional.empty();

  /** A client, and a moment before it was made. */
  private record Birth(ZooKeeper client, long at) {}

  OwnFramework(
      Consumer<CuratorFrameworkFactory.Builder> settings,
      Duration sessionTimeout,
      LongSupplier clock) {
    int millis = Math.toIntExact(sessionTimeout.toMillis());
    this.clock = clock;
    this.builder = CuratorFrameworkFactory.builder();
    settings.accept(builder);
    builder
        .sessionTimeoutMs(millis)
        .connectionTimeoutMs(millis)
        // No request of ours goes through Curator's retries; it only insists on having some.
        .retryPolicy(new RetryOneTime(1))
        .zookeeperFactory(new BirthRegister());
  }

  @Override
  public CompletableFuture<CuratorFramework> open() {
    CompletableFuture<CuratorFramework> open = new CompletableFuture<>();
    // The client names its own threads after this one.
    thread("tenure-zookeeper", () -> open(open)).start();
    return open;
  }

  private void open(CompletableFuture<CuratorFramework> open) {
    try {
      CuratorFramework curator = builder.build();
      curator.start();
      opened = Optional.of(curator);
      open.complete(curator);
    } catch (RuntimeException | Error e) {
      open.completeExceptionally(
          new StoreException(Outcome.REFUSED, "Curator could not be started", e));
    }
  }

  @Override
  public OptionalLong bornAt(ZooKeeper client) {
    return newest
        .filter(birth -> birth.client() == client)
        .map(birth -> OptionalLong.of(birth.at()))
        .orElseGet(OptionalLong::empty);
  }

  /** Curator keeps a client whose credentials were refused for ever, although a KDC may recover. */
  @Override
  public void renew() {
    if (opened.isPresent() && renewing.compareAndSet(false, true)) {
      thread("tenure-zookeeper-renew", () -> renew(opened.get())).start();
    }
  }

  private void renew(CuratorFramework curator) {
    try {
      curator.getZookeeperClient().reset();
    } catch (Exception e) {
      log.warn("cannot replace a ZooKeeper client whose credentials were refused", e);
    } finally {
      renewing.set(false);
    }
  }

  /** Curator tells the server that the session ends, and waits for an answer without a limit. */
  @Override
  public void close(CompletableFuture<CuratorFramework> open, Duration timeout) {
    CompletableFuture<@Nullable Void> closed = new CompletableFuture<>();
    open.whenComplete(
        (curator, error) -> {
          if (error != null) {
            closed.complete(null);
          } else {
            thread("tenure-zookeeper-close", () -> close(curator, closed)).start();
          }
        });
    try {
      closed.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException e) {
      log.warn("ZooKeeper did not confirm the end of the session within {}", timeout);
    } catch (ExecutionException e) {
      log.warn("the ZooKeeper client could not be closed", e.getCause());
    }
  }

  private static void close(CuratorFramework curator, CompletableFuture<@Nullable Void> closed) {
    try {
      curator.close();
      closed.complete(null);
    } catch (RuntimeException | Error e) {
      closed.completeExceptionally(e);
    }
  }

  private static Thread thread(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /** Notes when each client was made: its session cannot have begun before. */
  private final class BirthRegister implements ZookeeperFactory {
    private final ZookeeperFactory factory = new DefaultZookeeperFactory();

    @Override
    public ZooKeeper newZooKeeper(
        String connectString, int sessionTimeout, Watcher watcher, boolean canBeReadOnly)
        throws Exception {
      long at = clock.getAsLong();
      return register(
          at, factory.newZooKeeper(connectString, sessionTimeout, watcher, canBeReadOnly));
    }

    @Override
    public ZooKeeper newZooKeeper(
        String connectString,
        int sessionTimeout,
        Watcher watcher,
        boolean canBeReadOnly,
        ZKClientConfig config)
        throws Exception {
      long at = clock.getAsLong();
      return register(
          at, factory.newZooKeeper(connectString, sessionTimeout, watcher, canBeReadOnly, config));
    }

    private ZooKeeper register(long at, ZooKeeper client) {
      newest = Optional.of(new Birth(client, at));
      return client;
    }
  }
}

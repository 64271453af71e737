package io.tenure.zookeeper;

import static java.util.Objects.requireNonNullElseGet;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.WatcherType;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * One ZooKeeper session, pinned: its asynchronous calls as futures with a time limit.
 *
 * <p>A handle never changes its session, so what was sent through it is answered in that session or
 * not at all, and in the order of sending. A future fails with the client's {@link
 * KeeperException}, or with a {@link java.util.concurrent.TimeoutException}; {@link Codes} says
 * what that means. It is completed on the client's event thread, where nobody may block.
 */
final class Handle {
  private static final byte[] NOTHING = {};

  private final ZooKeeper zk;
  private final Duration timeout;

  /** A node that was created. */
  record Created(String path, Stat stat) {}

  /** A node's children; the stat is the parent's. */
  record Children(List<String> names, Stat stat) {}

  /** A node's data. */
  record Content(byte[] data, Stat stat) {}

  Handle(ZooKeeper zk, Duration timeout) {
    this.zk = zk;
    this.timeout = timeout;
  }

  ZooKeeper zooKeeper() {
    return zk;
  }

  long sessionId() {
    return zk.getSessionId();
  }

  /** The session's timeout as the server granted it; zero before the first connection. */
  Duration sessionTimeout() {
    return Duration.ofMillis(zk.getSessionTimeout());
  }

  /** False once the session has expired or the client was closed, which is final. */
  boolean isAlive() {
    return zk.getState() != ZooKeeper.States.CLOSED;
  }

  CompletableFuture<?> sync(String path) {
    return call(reply -> zk.sync(path, (rc, on, ctx) -> settle(reply, rc, on, true), null));
  }

  CompletableFuture<Created> create(String path, byte[] data, List<ACL> acl, CreateMode mode) {
    return call(
        reply ->
            zk.create(
                path,
                data,
                acl,
                mode,
                (rc, on, ctx, name, stat) -> settle(reply, rc, on, new Created(name, stat)),
                null));
  }

  CompletableFuture<?> delete(String path, int version) {
    return call(
        reply -> zk.delete(path, version, (rc, on, ctx) -> settle(reply, rc, on, true), null));
  }

  CompletableFuture<Stat> setData(String path, byte[] data) {
    return call(
        reply ->
            zk.setData(path, data, -1, (rc, on, ctx, stat) -> settle(reply, rc, on, stat), null));
  }

  CompletableFuture<Stat> stat(String path, @Nullable Watcher watcher) {
    return call(
        reply ->
            zk.exists(path, watcher, (rc, on, ctx, stat) -> settle(reply, rc, on, stat), null));
  }

  CompletableFuture<Content> data(String path, @Nullable Watcher watcher) {
    return call(
        reply ->
            zk.getData(
                path,
                watcher,
                (rc, on, ctx, data, stat) ->
                    settle(
                        reply,
                        rc,
                        on,
                        new Content(requireNonNullElseGet(data, () -> NOTHING), stat)),
                null));
  }

  CompletableFuture<Children> children(String path, @Nullable Watcher watcher) {
    return call(
        reply ->
            zk.getChildren(
                path,
                watcher,
                (rc, on, ctx, names, stat) -> settle(reply, rc, on, new Children(names, stat)),
                null));
  }

  /**
   * Sends a transaction.
   *
   * @return one result for each operation, also when the transaction was refused: the first one
   *     with an error of its own tells why
   */
  CompletableFuture<List<OpResult>> multi(List<Op> ops) {
    return call(
        reply ->
            zk.multi(
                ops,
                (rc, on, ctx, results) -> {
                  boolean answered = results != null && !results.isEmpty();
                  settle(reply, answered ? Code.OK.intValue() : rc, on, results);
                },
                null));
  }

  /**
   * Takes every watcher of one kind off a path, here and in the server. The client cannot take off
   * just one of several: it would go on here, and the server's watch would stay.
   */
  CompletableFuture<?> removeWatches(String path, WatcherType type) {
    return call(
        reply ->
            zk.removeAllWatches(
                path, type, true, (rc, on, ctx) -> settle(reply, rc, on, true), null));
  }

  private <T> CompletableFuture<T> call(Consumer<CompletableFuture<T>> send) {
    CompletableFuture<T> reply = new CompletableFuture<>();
    try {
      send.accept(reply);
    } catch (RuntimeException e) {
      reply.completeExceptionally(e);
    }
    return reply.orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS);
  }

  private static <T> void settle(
      CompletableFuture<T> reply, int rc, @Nullable String path, T value) {
    if (rc == Code.OK.intValue()) {
      reply.complete(value);
    } else {
      Code code = requireNonNullElseGet(Code.get(rc), () -> Code.SYSTEMERROR);
      reply.completeExceptionally(KeeperException.create(code, path));
    }
  }

  @Override
  public String toString() {
    return "0x" + Long.toHexString(sessionId());
  }
}

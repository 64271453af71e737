package io.tenure.zookeeper;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.ZooKeeper;

/** Where the Curator framework comes from, and who ends it. */
interface FrameworkSource {
  /** Opens it, without blocking the caller. */
  CompletableFuture<CuratorFramework> open();

  /** The earliest moment at which the session of a client can have begun, if that is known. */
  OptionalLong bornAt(ZooKeeper client);

  /** Replaces a client that the server refused for good, if that is ours to do. */
  void renew();

  /** Closes it if it is ours, within a bounded time. Called once. */
  void close(CompletableFuture<CuratorFramework> open, Duration timeout);

  /** A framework that belongs to the user: nothing about it is ours to change. */
  record Lent(CuratorFramework framework) implements FrameworkSource {
    @Override
    public CompletableFuture<CuratorFramework> open() {
      return CompletableFuture.completedFuture(framework);
    }

    @Override
    public OptionalLong bornAt(ZooKeeper client) {
      return OptionalLong.empty();
    }

    @Override
    public void renew() {
      // The user's own listeners hear of it, and decide.
    }

    @Override
    public void close(CompletableFuture<CuratorFramework> open, Duration timeout) {
      // It stays open for its owner.
    }
  }
}

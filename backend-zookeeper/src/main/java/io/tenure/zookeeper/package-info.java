/**
 * Apache ZooKeeper as a store, reached through Curator.
 *
 * <p>{@link io.tenure.zookeeper.ZooKeeperBackend} is all that a user sees. Curator connects,
 * authenticates and tells of the connection; every request goes through the pinned raw handle of
 * one ZooKeeper session, since a request that a library repeats in another session means something
 * else there.
 */
@NullMarked
package io.tenure.zookeeper;

import org.jspecify.annotations.NullMarked;

/**
 * Real store servers for tests, benchmarks and examples: {@link io.tenure.testkit.server.Servers}
 * starts etcd, Consul and ZooKeeper on the loopback interface, one node or a cluster, and hands out
 * nodes that can be stopped, killed, paused and restarted on their data.
 */
@NullMarked
package io.tenure.testkit.server;

import org.jspecify.annotations.NullMarked;

package io.tenure.testkit.server;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The nodes of one store that belong together, on the loopback interface. Not safe for use by
 * several threads at a time.
 */
public final class StoreCluster implements AutoCloseable {
  private final List<StoreServer> nodes;

  private final Runnable afterwards;

  StoreCluster(List<StoreServer> nodes, Runnable afterwards) {
    this.nodes = List.copyOf(nodes);
    this.afterwards = afterwards;
  }

  /**
   * Returns the nodes.
   *
   * @return in the order of their names
   */
  public List<StoreServer> nodes() {
    return nodes;
  }

  /**
   * Returns where clients connect.
   *
   * @return the addresses of all nodes, separated by commas
   */
  public String addresses() {
    return nodes.stream().map(StoreServer::address).collect(Collectors.joining(","));
  }

  /**
   * Waits until exactly one of the nodes that run and are not frozen says that it leads.
   *
   * @return that node
   * @throws IllegalStateException if none does within a minute, as without a majority
   */
  public StoreServer leader() {
    List<StoreServer> leaders = new ArrayList<>();
    Until.holds(
        Until.BOUND,
        () -> "of " + nodes + " not one leads, but " + leaders.size(),
        () -> {
          leaders.clear();
          nodes.stream().filter(StoreServer::isLeader).forEach(leaders::add);
          return leaders.size() == 1;
        });
    return leaders.get(0);
  }

  /**
   * Returns the nodes that do not lead.
   *
   * @return all but {@link #leader()}, running or not
   */
  public List<StoreServer> followers() {
    StoreServer leader = leader();
    return nodes.stream().filter(node -> node != leader).toList();
  }

  /** Waits until every node serves, as {@link StoreServer#awaitReady()}. */
  public void awaitReady() {
    nodes.forEach(StoreServer::awaitReady);
  }

  /**
   * Restarts one node after the other, each when the one before it serves and there is a leader:
   * the store serves throughout.
   */
  public void restartRolling() {
    for (StoreServer node : nodes) {
      node.restart();
      leader();
    }
  }

  /** Stops the nodes that run, then starts all on the data that they have, and waits for them. */
  public void restart() {
    nodes.stream().filter(StoreServer::isRunning).forEach(StoreServer::stop);
    startAll();
  }

  /** Starts all nodes, none of which runs, and waits until they serve. */
  void startAll() {
    nodes.forEach(StoreServer::start);
    awaitReady();
  }

  /** Ends every node and deletes the data; the logs stay. Idempotent. */
  @Override
  public void close() {
    nodes.forEach(StoreServer::close);
    afterwards.run();
  }
}

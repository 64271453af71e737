package io.tenure.testkit;

import io.tenure.Cells;
import io.tenure.CoordinationClient;
import io.tenure.CoordinationEvent;
import io.tenure.DistributedLock;
import io.tenure.LeaderElection;
import io.tenure.LeaderLatch;

/** A client under test, with everything that a test can do to it and see of it. */
public final class Member implements AutoCloseable {
  private final CoordinationClient client;
  private final FaultyBackend faults;
  private final Link link;
  private final Recorder<CoordinationEvent> events;

  Member(
      CoordinationClient client,
      FaultyBackend faults,
      Link link,
      Recorder<CoordinationEvent> events) {
    this.client = client;
    this.faults = faults;
    this.link = link;
    this.events = events;
  }

  /**
   * Returns the client itself.
   *
   * @return the client
   */
  public CoordinationClient client() {
    return client;
  }

  /**
   * Returns the faults and counts of the client's calls.
   *
   * @return what stands between the client and its backend
   */
  public FaultyBackend faults() {
    return faults;
  }

  /**
   * Returns what the client reported.
   *
   * @return every event so far and from now on
   */
  public Recorder<CoordinationEvent> events() {
    return events;
  }

  /** Cuts the connection to the store, so that the session really runs out there. */
  public void cutOff() {
    link.cut();
  }

  /** Mends the connection. */
  public void heal() {
    link.heal();
  }

  /**
   * Returns the store's name for the client's present session.
   *
   * @return the session's id
   * @throws java.util.NoSuchElementException if there is none
   */
  public String session() {
    return client.health().session().orElseThrow();
  }

  /**
   * Returns a lock of the client.
   *
   * @param name the lock's name
   * @return the lock
   */
  public DistributedLock lock(String name) {
    return client.lock(name);
  }

  /**
   * Returns a new candidacy of the client.
   *
   * @param name the election's name
   * @return the latch, unstarted
   */
  public LeaderLatch latch(String name) {
    return client.leaderLatch(name);
  }

  /**
   * Returns the client's view of an election.
   *
   * @param name the election's name
   * @return the election
   */
  public LeaderElection election(String name) {
    return client.election(name);
  }

  /**
   * Returns the client's cells.
   *
   * @return the cells
   */
  public Cells cells() {
    return client.cells();
  }

  /** Mends what the test broke, and closes the client. Idempotent. */
  @Override
  public void close() {
    faults.clear();
    heal();
    client.close();
    link.close();
  }

  @Override
  public String toString() {
    return client.candidate();
  }
}

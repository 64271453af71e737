package io.tenure.testkit.sim;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/** A session as the simulated store knows it. */
final class StoredSession {
  private final String id;
  private final Replica owner;
  private final long ttlNanos;
  private final Set<StoredEntry> entries = new LinkedHashSet<>();
  private final Set<SimulatedWait> waits = new LinkedHashSet<>();
  private final Set<String> withdrawn = new HashSet<>();
  private long expiresAtNanos;
  private boolean open = true;
  private long term;

  StoredSession(String id, Replica owner, long ttlNanos, long term) {
    this.id = id;
    this.owner = owner;
    this.ttlNanos = ttlNanos;
    this.term = term;
  }

  String id() {
    return id;
  }

  Replica owner() {
    return owner;
  }

  long ttlNanos() {
    return ttlNanos;
  }

  Set<StoredEntry> entries() {
    return entries;
  }

  Set<SimulatedWait> waits() {
    return waits;
  }

  /** The ids of entries that are never to be made any more. */
  Set<String> withdrawn() {
    return withdrawn;
  }

  boolean isOpen() {
    return open;
  }

  void end() {
    open = false;
  }

  long expiresAtNanos() {
    return expiresAtNanos;
  }

  void extend(long untilNanos) {
    expiresAtNanos = Math.max(expiresAtNanos, untilNanos);
  }

  /** Takes note of the leader's term; true if it is the one that the client knew already. */
  boolean sees(long newTerm) {
    boolean known = term == newTerm;
    term = newTerm;
    return known;
  }
}

package io.tenure;

import io.tenure.spi.StoreSession;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A session that is or was the client's present one, with its deadline and everything bound to it.
 * Belongs to the lane, but for what is volatile.
 */
final class LiveSession {
  /** Something whose life depends on the session. Called in the lane. */
  interface Member {
    /** The session is over, for good. */
    void sessionEnded(LossReason reason);

    /** A renewal was proved. */
    void renewed();
  }

  private final StoreSession store;
  private final LeaseDeadline deadline;
  private final int generation;
  private final Set<Member> members = new LinkedHashSet<>();
  private volatile long provedAtNanos;
  private volatile boolean suspect;

  LiveSession(StoreSession store, LeaseDeadline deadline, int generation, long openedAtNanos) {
    this.store = store;
    this.deadline = deadline;
    this.generation = generation;
    this.provedAtNanos = openedAtNanos;
  }

  StoreSession store() {
    return store;
  }

  LeaseDeadline deadline() {
    return deadline;
  }

  int generation() {
    return generation;
  }

  void add(Member member) {
    members.add(member);
  }

  void remove(Member member) {
    members.remove(member);
  }

  /** A copy, since members leave and enter when they are told something. */
  List<Member> members() {
    return List.copyOf(members);
  }

  void proved(long sentAtNanos) {
    provedAtNanos = sentAtNanos;
    suspect = false;
  }

  void suspect() {
    suspect = true;
  }

  boolean isSuspect() {
    return suspect;
  }

  /** When the newest request that proved the session was sent. */
  long provedAtNanos() {
    return provedAtNanos;
  }

  @Override
  public String toString() {
    return store.id();
  }
}

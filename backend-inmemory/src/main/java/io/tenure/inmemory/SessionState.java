package io.tenure.inmemory;

import io.tenure.spi.Scheduler.Cancellable;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** A session as the store knows it. Everything but the timer is guarded by the store's lock. */
final class SessionState {
  private final String id;
  private final Link owner;
  private final Duration ttl;
  private final Set<MemoryEntry> entries = new LinkedHashSet<>();
  private final Set<MemoryWait> waits = new LinkedHashSet<>();
  private long expiresAtNanos;
  private boolean open = true;

  /** Touched by the store's deliveries only, of which there is one at a time. */
  private Optional<Cancellable> timer = Optional.empty();

  SessionState(String id, Link owner, Duration ttl, long nowNanos) {
    this.id = id;
    this.owner = owner;
    this.ttl = ttl;
    extend(nowNanos);
  }

  String id() {
    return id;
  }

  Link owner() {
    return owner;
  }

  Duration ttl() {
    return ttl;
  }

  Set<MemoryEntry> entries() {
    return entries;
  }

  Set<MemoryWait> waits() {
    return waits;
  }

  boolean isOpen() {
    return open;
  }

  void end() {
    open = false;
  }

  void extend(long nowNanos) {
    expiresAtNanos = nowNanos + ttl.toNanos();
  }

  long remainingNanos(long nowNanos) {
    return expiresAtNanos - nowNanos;
  }

  void armed(Cancellable armedTimer) {
    timer = Optional.of(armedTimer);
  }

  void disarm() {
    timer.ifPresent(Cancellable::cancel);
    timer = Optional.empty();
  }

  @Override
  public String toString() {
    return id;
  }
}

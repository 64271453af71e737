package io.tenure.testkit.sim;

import io.tenure.FencingToken;
import io.tenure.spi.QueueName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who calls for a lock or stands for an election, and whether they are served in the order of their
 * arrival.
 *
 * <p>That nobody is granted while an older entry stands in the store is the check "one holder". Two
 * things do not follow from it: that callers of one process are served in their order, and that a
 * waiter keeps its entry, and so its place, for as long as it waits.
 */
final class Callers {
  private static final long TOLD_NANOS = 1_000_000_000L;

  private record Place(Replica owner, QueueName queue) {}

  /** An entry that its own process has removed. */
  private record Removed(EntryKey key, long atNanos) {}

  /** The calls of one process for one place. */
  private static final class Line {
    final List<Call> waiting = new ArrayList<>();
    final Map<String, Removed> removed = new HashMap<>();
    int gaveUp;
  }

  /** One call or candidacy, until it has got a lease or given up. */
  final class Call {
    private final Replica owner;
    private final Line line;
    private final long begunNanos = world.agenda().nowNanos();
    private long overtakenBy;

    private Call(Replica owner, Line line) {
      this.owner = owner;
      this.line = line;
      line.waiting.add(this);
    }

    void granted(FencingToken token) {
      int place = line.waiting.indexOf(this);
      line.waiting.remove(place);
      // Who was granted before may be told of it later: only the tokens show the order.
      line.waiting.subList(0, place).forEach(earlier -> earlier.overtakenBy(token));
      if (place > 0 || !line.waiting.isEmpty()) {
        world.count("grants in a local queue");
      }
      world.require(
          "callers of one process are served in order",
          overtakenBy == 0 || token.value() < overtakenBy || wasPaused(),
          () -> owner.name() + " got " + token + " after " + overtakenBy + " for a later call");
    }

    private void overtakenBy(FencingToken token) {
      if (overtakenBy == 0) {
        overtakenBy = token.value();
      }
    }

    /** One that stood still at the clock may have entered late, or found its lease over. */
    private boolean wasPaused() {
      return owner.pausedUntilNanos() >= begunNanos;
    }

    /** Ends without a lease, if it has not ended. */
    void over() {
      if (line.waiting.remove(this)) {
        line.gaveUp++;
      }
    }
  }

  private final World world;
  private final Map<Place, Line> lines = new HashMap<>();
  private final Set<String> robbed = new HashSet<>();

  Callers(World world) {
    this.world = world;
  }

  Call begin(Replica owner, QueueName queue) {
    return new Call(owner, lines.computeIfAbsent(new Place(owner, queue), place -> new Line()));
  }

  /** A stranger has taken an entry; what may become of its late copies is nobody's fault. */
  void robbed(StoredEntry entry) {
    robbed.add(entry.id());
  }

  /** An entry has gone; if its session stands, somebody has removed it. */
  void departed(StoredEntry entry) {
    Line line = lines.get(new Place(entry.session().owner(), entry.queue()));
    if (line != null && entry.session().isOpen() && !robbed.contains(entry.id())) {
      EntryKey key = new EntryKey(entry.queue(), entry.revision());
      line.removed.putIfAbsent(entry.id(), new Removed(key, world.agenda().nowNanos()));
    }
  }

  /** In calm weather: from each queue no more waiters were removed than have given up. */
  void requirePlacesKept() {
    lines.forEach((place, line) -> requirePlacesKept(place.owner(), line));
  }

  private void requirePlacesKept(Replica owner, Line line) {
    if (owner.isDead()) {
      return;
    }
    long latestNanos = world.agenda().nowNanos() - TOLD_NANOS;
    List<EntryKey> neverGranted =
        line.removed.values().stream()
            .filter(removed -> removed.atNanos() < latestNanos)
            .map(Removed::key)
            .filter(key -> !world.book().reports().isAcquired(key))
            .toList();
    // Whoever waits in a process that ends is given up with it.
    int gaveUp = line.gaveUp + (owner.isEnding() ? line.waiting.size() : 0);
    world.require(
        "a waiter keeps its place",
        neverGranted.size() <= gaveUp,
        () ->
            owner.name()
                + " has removed waiting entries "
                + neverGranted
                + ", but only "
                + gaveUp
                + " have given up");
  }
}

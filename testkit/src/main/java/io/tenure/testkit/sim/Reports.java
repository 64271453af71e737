package io.tenure.testkit.sim;

import io.tenure.CoordinationEvent;
import io.tenure.FencingToken;
import io.tenure.spi.QueueName;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the clients say of their leases, by events and by the loss of each: once, and in order. */
final class Reports {
  /** What was said of one lease. */
  static final class Report {
    final Replica owner;
    int acquired;
    int released;
    int lost;
    int told;
    boolean delivered;
    boolean drainTimedOut;
    boolean waitedForWork;
    long endedNanos;

    Report(Replica owner) {
      this.owner = owner;
    }
  }

  private record Place(Replica owner, QueueName queue) {}

  private final World world;
  private final Map<EntryKey, Report> reports = new HashMap<>();
  private final Map<Place, EntryKey> openOf = new HashMap<>();

  Reports(World world) {
    this.world = world;
  }

  Report of(EntryKey key, Replica owner) {
    return reports.computeIfAbsent(key, unknown -> new Report(owner));
  }

  @Nullable Report find(EntryKey key) {
    return reports.get(key);
  }

  boolean isAcquired(EntryKey key) {
    Report report = reports.get(key);
    return report != null && report.acquired > 0;
  }

  /** Finds the queue that an event means: it names the lock or the election, but not which. */
  private EntryKey key(String name, FencingToken token) {
    QueueName queue =
        world
            .store()
            .createdAt(token.revision())
            .map(StoredEntry::queue)
            .orElseGet(() -> LeaseBook.lock(name));
    return new EntryKey(queue, token.revision());
  }

  /** A client has reported an event. */
  void event(Replica owner, CoordinationEvent event) {
    if (event instanceof CoordinationEvent.Acquired acquired) {
      acquired(owner, acquired);
    } else if (event instanceof CoordinationEvent.Released released) {
      Report report = ended(owner, released.name(), released.token());
      report.released++;
      requireOneEnd(report, released.name(), released.token());
      requireWorkStopped(report, key(released.name(), released.token()));
      if (report.waitedForWork && !report.drainTimedOut) {
        world.count("releases after work that took time to stop");
      }
    } else if (event instanceof CoordinationEvent.Lost lost) {
      Report report = ended(owner, lost.name(), lost.token());
      report.lost++;
      world.count("lost: " + lost.reason());
      requireOneEnd(report, lost.name(), lost.token());
    } else {
      if (event instanceof CoordinationEvent.DrainTimedOut drain) {
        of(key(drain.name(), drain.token()), owner).drainTimedOut = true;
      }
      world.count(event.getClass().getSimpleName());
    }
  }

  /** The work of a turn has returned, some time after its interrupt. */
  void workStopped(EntryKey turn) {
    Report report = reports.get(turn);
    if (report != null) {
      report.waitedForWork = true;
    }
  }

  /** In an orderly end the lease is released after the work, unless the drain time is over. */
  private void requireWorkStopped(Report report, EntryKey key) {
    for (SimulatedThread thread : report.owner.threads()) {
      if (thread instanceof WorkThread work && work.isStoppingFor(key)) {
        world.count("releases while work goes on");
        world.require(
            "work stops before its lease is released",
            report.drainTimedOut,
            () ->
                report.owner.name()
                    + " has released "
                    + key
                    + " while its task still runs"
                    + work.place());
      }
    }
  }

  private void acquired(Replica owner, CoordinationEvent.Acquired acquired) {
    EntryKey key = key(acquired.name(), acquired.token());
    Report report = of(key, owner);
    report.acquired++;
    EntryKey before = openOf.put(new Place(owner, key.queue()), key);
    world.require(
        "reports come in order",
        before == null,
        () -> owner.name() + " acquired " + key + " before the end of " + before + " was told");
    if (acquired.waited().toNanos() > 50_000_000L) {
      world.count("grants after waiting");
    }
  }

  private Report ended(Replica owner, String name, FencingToken token) {
    EntryKey key = key(name, token);
    EntryKey open = openOf.remove(new Place(owner, key.queue()));
    world.require(
        "reports come in order",
        key.equals(open),
        () -> owner.name() + " told the end of " + key + ", but it had acquired " + open);
    Report report = of(key, owner);
    report.endedNanos = world.agenda().nowNanos();
    return report;
  }

  private void requireOneEnd(Report report, String name, FencingToken token) {
    world.require(
        "one end is told",
        report.released + report.lost == 1,
        () -> "the end of " + name + " with token " + token + " was told twice");
  }

  /** At the end every lease of every client that lived has had its one end told. */
  void requireAllTold() {
    for (Map.Entry<EntryKey, Report> entry : reports.entrySet()) {
      Report report = entry.getValue();
      if (report.owner.isDead()) {
        continue;
      }
      world.require(
          "one end is told",
          report.acquired == 1 && report.released + report.lost == 1,
          () -> "the end of " + entry.getKey() + " of " + report.owner.name() + " was never told");
      world.require(
          "a loss is told once",
          !report.delivered || report.told == report.lost,
          () -> "the loss of " + entry.getKey() + " was told " + report.told + " times");
    }
  }
}

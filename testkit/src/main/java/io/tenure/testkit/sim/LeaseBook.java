package io.tenure.testkit.sim;

import io.tenure.FencingToken;
import io.tenure.LeadershipListener;
import io.tenure.Lease;
import io.tenure.spi.QueueName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Every lease of a schedule, and the checks that need no word about what the user's code does: who
 * holds what when, in which order, and who was told.
 */
final class LeaseBook implements SimulatedStore.Observer {
  /** Where all simulated clients work. */
  static final String NAMESPACE = "sim";

  private static final long SLOWEST_WAKE_UP_NANOS = 10_000_000_000L;
  private static final long REPORT_NANOS = 20_000_000L;
  private static final long REMEMBERED_NANOS = 20_000_000_000L;

  /** What is known of one lease. */
  private static final class Tenure {
    final Replica owner;
    final EntryKey key;
    final Lease lease;
    final @Nullable StoredEntry entry;
    final long sinceNanos;
    long endedNanos;

    Tenure(Replica owner, EntryKey key, Lease lease, @Nullable StoredEntry entry, long sinceNanos) {
      this.owner = owner;
      this.key = key;
      this.lease = lease;
      this.entry = entry;
      this.sinceNanos = sinceNanos;
    }
  }

  private final World world;
  private final List<Tenure> present = new ArrayList<>();
  private final List<Tenure> past = new ArrayList<>();
  private final Reports reports;
  private final Vacancies vacancies = new Vacancies();
  private final Callers callers;
  private final Map<QueueName, Long> newest = new HashMap<>();
  private final Map<EntryKey, Long> robbed = new HashMap<>();
  private boolean looking;

  LeaseBook(World world) {
    this.world = world;
    this.reports = new Reports(world);
    this.callers = new Callers(world);
  }

  /** What the clients say. */
  Reports reports() {
    return reports;
  }

  /** Who calls for what. */
  Callers callers() {
    return callers;
  }

  /** When nobody held what could be held. */
  Vacancies vacancies() {
    return vacancies;
  }

  static QueueName lock(String name) {
    return new QueueName(NAMESPACE + "/lock/" + escaped(name));
  }

  static QueueName election(String name) {
    return new QueueName(NAMESPACE + "/election/" + escaped(name));
  }

  /** A user's name as the core writes it into a key. */
  private static String escaped(String name) {
    StringBuilder escaped = new StringBuilder();
    for (byte each : name.getBytes(StandardCharsets.UTF_8)) {
      char character = (char) (each & 0xFF);
      if (character < 0x80
          && (Character.isLetterOrDigit(character) || "_-".indexOf(character) >= 0)) {
        escaped.append(character);
      } else {
        escaped.append(String.format("%%%02X", (int) character));
      }
    }
    return escaped.toString();
  }

  /** True while the checks themselves ask a lease: nothing may happen to the process then. */
  boolean isLooking() {
    return looking;
  }

  /** The greatest token that was given out so far. */
  long newest(QueueName queue) {
    return newest.getOrDefault(queue, 0L);
  }

  /** Shows the turns of a latch to the checks. */
  LeadershipListener listener(Replica owner, String name) {
    return new LeadershipListener() {
      @Override
      public void elected(Lease lease) {
        granted(owner, election(name), lease, 0);
      }
    };
  }

  /** A user has got a lease. */
  void granted(Replica owner, QueueName queue, Lease lease, long newestAtCall) {
    granted(owner, queue, lease, newestAtCall, false);
  }

  /**
   * A user has got a lease.
   *
   * @param now true if it is promised to be held at this very moment
   */
  void granted(Replica owner, QueueName queue, Lease lease, long newestAtCall, boolean now) {
    FencingToken token = lease.token();
    EntryKey key = new EntryKey(queue, token.revision());
    Reports.Report report = reports.of(key, owner);
    world.note(owner.name() + " has got " + lease.name() + " with token " + token);
    world.require(
        "tokens are unique",
        !report.delivered && report.owner == owner,
        () -> "token " + token + " of " + queue + " was given out twice");
    world.require(
        "tokens grow",
        token.value() > newestAtCall,
        () -> "token " + token + " of " + queue + " is not above " + newestAtCall);
    report.delivered = true;
    StoredEntry entry =
        world
            .store()
            .createdAt(token.revision())
            .filter(created -> created.queue().equals(queue))
            .orElse(null);
    Tenure tenure = new Tenure(owner, key, lease, entry, world.agenda().nowNanos());
    boolean held = isHeld(tenure);
    world.require(
        "what is returned is held",
        held || !now || owner.pausedUntilNanos() >= world.agenda().nowNanos(),
        () -> "lease " + key + " was returned and is not held");
    if (held && isBound(tenure)) {
      world.require(
          "grants come in order",
          token.value() > newest(queue),
          () -> "token " + token + " of " + queue + " is held after " + newest(queue));
    }
    newest.merge(queue, token.value(), Math::max);
    present.add(tenure);
    vacancies.granted(key, tenure.sinceNanos);
    lease
        .lost()
        .thenAccept(
            reason -> {
              report.told++;
              world.note(owner.name() + " is told that token " + token + " is lost: " + reason);
              world.count("losses told");
            });
    world.count("grants");
  }

  /** True if the assumptions hold under which a lease excludes all others. */
  private boolean isBound(Tenure tenure) {
    return tenure.owner.isClockTrusted() && !robbed.containsKey(tenure.key);
  }

  private boolean isHeld(Tenure tenure) {
    return looking(tenure.lease::isHeld);
  }

  /** Asks a client something that is no step of its process. */
  <T> T looking(Supplier<T> question) {
    boolean before = looking;
    looking = true;
    try {
      return question.get();
    } finally {
      looking = before;
    }
  }

  /**
   * Looks at every lease after each step; at one that has ended only after those of its own
   * process: no other can begin it anew.
   */
  void look(@Nullable Replica owner) {
    // By index and without lambdas: nothing of the simulation runs more often.
    looking = true;
    try {
      for (int i = present.size() - 1; i >= 0; i--) {
        look(present.get(i), i);
      }
      for (int i = owner == null ? -1 : past.size() - 1; i >= 0; i--) {
        if (past.get(i).owner == owner) {
          lookBack(past.get(i), i);
        }
      }
    } finally {
      looking = false;
    }
  }

  private void look(Tenure tenure, int index) {
    if (!tenure.owner.isDead() && tenure.lease.isHeld()) {
      requireRightfullyHeld(tenure);
      return;
    }
    long nowNanos = world.agenda().nowNanos();
    present.remove(index);
    vacancies.ended(tenure.key, nowNanos);
    if (!tenure.owner.isDead()) {
      tenure.endedNanos = nowNanos;
      past.add(tenure);
      if (nowNanos - tenure.sinceNanos > world.clientDraw().ttl().toNanos()) {
        world.count("tenures longer than the TTL");
      }
    }
  }

  private void lookBack(Tenure tenure, int index) {
    if (tenure.lease.isHeld()) {
      world.violated("an end is final", "lease " + tenure.key + " ended and is held again");
    }
    if (world.agenda().nowNanos() - tenure.endedNanos > REMEMBERED_NANOS) {
      past.remove(index);
    }
  }

  private void requireRightfullyHeld(Tenure tenure) {
    boolean first = tenure.entry != null && tenure.entry.isFirst();
    if (!first && isBound(tenure)) {
      world.violated(
          "one holder",
          tenure.owner.name()
              + " holds "
              + tenure.key
              + ", but the first entry in the store is "
              + world
                  .store()
                  .head(tenure.key.queue())
                  .map(entry -> String.valueOf(entry.revision()))
                  .orElse("none"));
    }
  }

  @Override
  public void departed(StoredEntry entry, boolean expired) {
    EntryKey key = new EntryKey(entry.queue(), entry.revision());
    world.note("entry " + key + (expired ? " has expired" : " is gone"));
    callers.departed(entry);
    Reports.Report report = reports.find(key);
    if (!expired || report == null || !report.delivered) {
      if (expired && report == null) {
        world.count("expiries while waiting");
      }
      return;
    }
    world.count("expiries while held");
    Replica owner = report.owner;
    boolean awake =
        !owner.isDead()
            && owner.isClockTrusted()
            && owner.pausedUntilNanos() + REPORT_NANOS < world.agenda().nowNanos();
    world.require(
        "told before the store gives it away",
        !awake || report.told + report.released > 0,
        () -> owner.name() + " was not told that " + key + " is over");
  }

  @Override
  public void robbed(StoredEntry entry) {
    world.note("entry " + entry.revision() + " of " + entry.queue() + " is taken by a stranger");
    robbed.put(new EntryKey(entry.queue(), entry.revision()), world.agenda().nowNanos());
    callers.robbed(entry);
    world.count("robberies");
  }

  /** In calm weather whoever is first in a queue is granted it soon. */
  void requireLively(QueueName queue, long judgedFromNanos) {
    Optional<StoredEntry> head = world.store().head(queue);
    if (head.isEmpty()) {
      return;
    }
    long slowUntilNanos = head.get().session().owner().slowUntilNanos();
    if (world.agenda().nowNanos() <= slowUntilNanos + world.worstExpiryNanos()) {
      // A heartbeat that slow weather held up keeps the session even of a process that is gone.
      return;
    }
    long since = Math.max(judgedFromNanos, world.store().headSinceNanos(queue));
    Reports.Report report = reports.find(new EntryKey(queue, head.get().revision()));
    boolean granted = report != null && report.acquired > 0;
    world.require(
        "no wake-up is lost",
        granted || world.agenda().nowNanos() - since < SLOWEST_WAKE_UP_NANOS,
        () ->
            "entry "
                + head.get().revision()
                + " of "
                + head.get().session().owner().name()
                + " is the first of "
                + queue
                + " and was not granted");
    world.require(
        "what has ended departs",
        report == null
            || report.lost + report.released == 0
            || world.agenda().nowNanos() - report.endedNanos < SLOWEST_WAKE_UP_NANOS,
        () ->
            "the entry of the ended lease " + head.get().revision() + " still stands in " + queue);
  }

  /** In calm weather nobody goes on for long with what a stranger took away. */
  void requireRobberiesNoticed(long calmFromNanos) {
    long latestNanos =
        world.agenda().nowNanos() - world.clientDraw().ttl().toNanos() - REPORT_NANOS;
    for (Tenure tenure : present) {
      Long robbedNanos = robbed.get(tenure.key);
      if (robbedNanos != null
          && Math.max(robbedNanos, calmFromNanos) < latestNanos
          && tenure.owner.slowUntilNanos() < latestNanos
          && !tenure.owner.isDead()
          && isHeld(tenure)) {
        world.violated(
            "a robbery is noticed",
            tenure.owner.name() + " still holds " + tenure.key + ", which a stranger took");
      }
    }
  }
}

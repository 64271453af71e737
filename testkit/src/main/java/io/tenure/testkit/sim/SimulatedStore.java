package io.tenure.testkit.sim;

import static io.tenure.spi.StoreException.Outcome.NOT_DONE;
import static io.tenure.spi.StoreException.Outcome.REFUSED;
import static io.tenure.spi.StoreException.Outcome.SESSION_GONE;

import io.tenure.Versioned;
import io.tenure.spi.Detail;
import io.tenure.spi.Enqueued;
import io.tenure.spi.Entry;
import io.tenure.spi.EntrySpec;
import io.tenure.spi.Mutation;
import io.tenure.spi.QueueName;
import io.tenure.spi.QueueView;
import io.tenure.spi.StoreException;
import io.tenure.spi.WriteOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * The store as one linearizable machine: each method is one request at the moment of its arrival.
 * What it causes elsewhere travels through the {@link Link} of whom it concerns.
 */
final class SimulatedStore {
  /** Told of what the checks have to know. */
  interface Observer {
    /** An entry is gone; {@code given} if its session's time had run out. */
    void departed(StoredEntry entry, boolean expired);

    /** Somebody took an entry or a session away from an owner who is alive. */
    void robbed(StoredEntry entry);
  }

  private static final NavigableMap<Long, StoredEntry> NONE = Collections.emptyNavigableMap();

  private final StoreProfile profile;
  private final Agenda agenda;
  private final SplittableRandom random;
  private final Observer observer;
  private final Map<String, StoredSession> sessions = new LinkedHashMap<>();
  private final Map<QueueName, NavigableMap<Long, StoredEntry>> queues = new LinkedHashMap<>();
  private final Map<QueueName, Long> headSince = new LinkedHashMap<>();
  private final Map<Long, StoredEntry> created = new HashMap<>();
  private final Set<SimulatedWatch> watches = new LinkedHashSet<>();
  private final StoredCells cells = new StoredCells();
  private long revision;
  private long order;
  private long term = 1;
  private long epoch;
  private boolean up = true;

  SimulatedStore(StoreProfile profile, Agenda agenda, SplittableRandom random, Observer observer) {
    this.profile = profile;
    this.agenda = agenda;
    this.random = random;
    this.observer = observer;
  }

  boolean isUp() {
    return up;
  }

  /** Grows with every restart: what was under way then never arrives. */
  long epoch() {
    return epoch;
  }

  StoredCells cells() {
    return cells;
  }

  Set<QueueName> queues() {
    return queues.keySet();
  }

  List<StoredSession> sessions() {
    return List.copyOf(sessions.values());
  }

  Optional<StoredEntry> head(QueueName queue) {
    NavigableMap<Long, StoredEntry> entries = queues.get(queue);
    return entries == null
        ? Optional.empty()
        : Optional.ofNullable(entries.firstEntry()).map(Map.Entry::getValue);
  }

  /** Since when the present head of a queue has been the head. */
  long headSinceNanos(QueueName queue) {
    return headSince.getOrDefault(queue, 0L);
  }

  /** The entry, present or not, that was created at a revision. */
  Optional<StoredEntry> createdAt(long entryRevision) {
    return Optional.ofNullable(created.get(entryRevision));
  }

  private long nextRevision() {
    revision += random.nextInt(8) == 0 ? 1 + random.nextInt(1_000) : 1;
    agenda.mix(revision);
    return revision;
  }

  // ---- Sessions

  StoredSession open(Replica owner, long askedNanos) {
    StoredSession session =
        new StoredSession(
            owner.name() + "#" + nextRevision(), owner, profile.grantNanos(askedNanos), term);
    sessions.put(session.id(), session);
    touch(session);
    watchExpiry(session);
    return session;
  }

  /** Returns the validity, as a truthful backend of this store computes it. */
  Duration heartbeat(StoredSession session, boolean stale) {
    requireOpen(session);
    boolean termKnown = session.sees(term);
    if (stale && profile == StoreProfile.ETCD) {
      return Duration.ZERO;
    }
    if (stale
        && profile == StoreProfile.CONSUL
        && session.expiresAtNanos() - agenda.nowNanos() >= session.ttlNanos()) {
      return Duration.ofNanos(session.ttlNanos());
    }
    touch(session);
    return profile == StoreProfile.ETCD && !termKnown
        ? Duration.ZERO
        : Duration.ofNanos(profile.validityNanos(session.ttlNanos()));
  }

  private void touch(StoredSession session) {
    session.extend(
        agenda.nowNanos()
            - profile.lagNanos(random)
            + session.ttlNanos()
            + profile.lateExpiryNanos(session.ttlNanos(), random));
  }

  private void watchExpiry(StoredSession session) {
    agenda.after(
        session.expiresAtNanos() - agenda.nowNanos(),
        () -> {
          if (!session.isOpen()) {
            return;
          }
          if (up && session.expiresAtNanos() <= agenda.nowNanos()) {
            end(session, true);
          } else {
            session.extend(up ? 0 : agenda.nowNanos() + 1_000_000);
            watchExpiry(session);
          }
        });
  }

  void end(StoredSession session, boolean expired) {
    if (!session.isOpen()) {
      return;
    }
    nextRevision();
    session.end();
    sessions.remove(session.id());
    cells.dropEphemeral(session);
    List.copyOf(session.entries()).forEach(entry -> drop(entry, expired));
    List.copyOf(session.waits()).forEach(wait -> wait.failing(gone(session)));
    session.waits().clear();
  }

  private static void requireOpen(StoredSession session) {
    if (!session.isOpen()) {
      throw gone(session);
    }
  }

  private static StoreException gone(StoredSession session) {
    return new StoreTrouble(SESSION_GONE, "session " + session.id() + " no longer exists");
  }

  // ---- Queues

  QueueView view(QueueName queue, Detail detail) {
    return new QueueView(show(entries(queue).values(), detail), revision);
  }

  private static List<Entry> show(Collection<StoredEntry> entries, Detail detail) {
    List<Entry> shown = new ArrayList<>(entries.size());
    for (StoredEntry entry : entries) {
      shown.add(entry.show(detail));
    }
    return shown;
  }

  private NavigableMap<Long, StoredEntry> entries(QueueName queue) {
    return queues.getOrDefault(queue, NONE);
  }

  private Optional<StoredEntry> find(QueueName queue, String id) {
    for (StoredEntry entry : entries(queue).values()) {
      if (entry.id().equals(id)) {
        return Optional.of(entry);
      }
    }
    return Optional.empty();
  }

  Enqueued enqueue(StoredSession session, QueueName queue, EntrySpec spec) {
    requireOpen(session);
    if (session.withdrawn().contains(spec.id())) {
      throw new StoreTrouble(REFUSED, "entry " + spec + " was withdrawn");
    }
    StoredEntry self = find(queue, spec.id()).orElseGet(() -> create(session, queue, spec));
    List<Entry> ahead =
        self.isFirst()
            ? List.of()
            : show(entries(queue).headMap(self.order()).values(), Detail.NAMES);
    return new Enqueued(self.show(Detail.PAYLOADS), ahead, revision);
  }

  private StoredEntry create(StoredSession session, QueueName queue, EntrySpec spec) {
    StoredEntry entry = new StoredEntry(queue, spec, ++order, nextRevision(), session);
    NavigableMap<Long, StoredEntry> entries =
        queues.computeIfAbsent(queue, name -> new TreeMap<>());
    if (entries.isEmpty()) {
      headSince.put(queue, agenda.nowNanos());
      entry.first(true);
    }
    entries.put(entry.order(), entry);
    created.put(entry.revision(), entry);
    session.entries().add(entry);
    changed(queue);
    return entry;
  }

  boolean remove(StoredSession session, QueueName queue, String id) {
    if (profile.traits().lateApplyWindow().isZero()) {
      session.withdrawn().add(id);
    }
    Optional<StoredEntry> own = find(queue, id).filter(entry -> entry.session() == session);
    own.ifPresent(
        entry -> {
          nextRevision();
          drop(entry, false);
        });
    return own.isPresent();
  }

  void update(StoredSession session, Entry own, byte[] payload) {
    requireOpen(session);
    find(own.queue(), own.id())
        .filter(entry -> entry.session() == session)
        .orElseThrow(() -> new StoreTrouble(NOT_DONE, "entry " + own + " is gone"))
        .payload(payload);
    nextRevision();
    changed(own.queue());
  }

  private void drop(StoredEntry entry, boolean expired) {
    NavigableMap<Long, StoredEntry> entries = entries(entry.queue());
    entries.remove(entry.order());
    if (entry.isFirst()) {
      entry.first(false);
      headSince.put(entry.queue(), agenda.nowNanos());
    }
    if (entries.isEmpty()) {
      queues.remove(entry.queue());
    } else {
      entries.firstEntry().getValue().first(true);
    }
    entry.session().entries().remove(entry);
    observer.departed(entry, expired);
    entry.waits().forEach(SimulatedWait::departing);
    changed(entry.queue());
  }

  /** Registers a wait; true if there is nothing to wait for. */
  boolean await(SimulatedWait wait, Entry awaited) {
    Optional<StoredEntry> entry = find(awaited.queue(), awaited.id());
    if (entry.isEmpty()) {
      return true;
    }
    requireOpen(wait.session());
    entry.get().waits().add(wait);
    wait.session().waits().add(wait);
    return false;
  }

  void forget(SimulatedWait wait, Entry awaited) {
    find(awaited.queue(), awaited.id()).ifPresent(entry -> entry.waits().remove(wait));
    wait.session().waits().remove(wait);
  }

  Set<SimulatedWatch> watches() {
    return watches;
  }

  private void changed(QueueName queue) {
    for (SimulatedWatch watch : watches) {
      if (watch.queue().path().equals(queue.path())) {
        watch.changed();
      }
    }
  }

  // ---- Cells

  WriteOutcome write(
      Optional<StoredSession> session, Optional<Entry> guard, List<Mutation> writes) {
    if (guard.isPresent()) {
      Optional<StoredEntry> held =
          find(guard.get().queue(), guard.get().id())
              .filter(entry -> session.filter(entry.session()::equals).isPresent());
      if (held.isEmpty()) {
        return new WriteOutcome.HolderGone();
      }
    } else {
      session.ifPresent(SimulatedStore::requireOpen);
    }
    Optional<WriteOutcome.Mismatch> mismatch = cells.mismatch(writes);
    if (mismatch.isPresent()) {
      return mismatch.get();
    }
    return new WriteOutcome.Applied(cells.apply(writes, nextRevision(), session));
  }

  Optional<Versioned> get(String key) {
    return cells.get(key);
  }

  // ---- What befalls it

  /** Goes away; what is under way to it is lost. */
  void goDown() {
    up = false;
    epoch++;
  }

  void comeUp() {
    up = true;
    changeLeader();
  }

  /** Counts every session anew, and disrupts every watch. */
  void changeLeader() {
    term++;
    revision += profile == StoreProfile.ZOOKEEPER ? 1L << 32 : 1_000;
    for (StoredSession session : sessions.values()) {
      session.extend(agenda.nowNanos() + profile.afterElectionNanos(session.ttlNanos()));
    }
    disruptWatches(Optional.empty());
  }

  /** Disrupts the watches of one process, or of all. */
  void disruptWatches(Optional<Replica> victim) {
    List<SimulatedWait> waits = new ArrayList<>();
    sessions.values().forEach(session -> waits.addAll(session.waits()));
    StoreException why = new StoreTrouble(NOT_DONE, "the watch was disrupted");
    waits.stream()
        .filter(wait -> victim.isEmpty() || wait.session().owner() == victim.get())
        .forEach(wait -> wait.failing(why));
    List.copyOf(watches).stream()
        .filter(watch -> victim.isEmpty() || watch.owner() == victim.get())
        .forEach(watch -> watch.failing(why));
  }

  /** Ends a process's session although it is alive. */
  void kill(Replica victim) {
    for (StoredSession session : sessions()) {
      if (session.owner() == victim) {
        session.entries().forEach(observer::robbed);
        end(session, false);
      }
    }
  }

  /** Deletes the first entry of some queue. */
  void steal(double which) {
    List<QueueName> names = List.copyOf(queues.keySet());
    if (!names.isEmpty()) {
      head(names.get((int) (which * names.size())))
          .ifPresent(
              entry -> {
                observer.robbed(entry);
                nextRevision();
                drop(entry, false);
              });
    }
  }
}

package io.tenure.inmemory;

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
import io.tenure.spi.Ticker;
import io.tenure.spi.WriteOutcome;
import io.tenure.spi.WriteOutcome.Mismatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What the store holds, and what each request does to it: the sequential model that every other
 * backend is compared with.
 *
 * <p>Map work only. Every method is called under the store's lock; what has to happen outside of it
 * is emitted, and happens after the lock is released, in the order of emission.
 */
final class Model {
  private final Ticker ticker;
  private final Consumer<Runnable> outbox;
  private final Map<String, SessionState> sessions = new LinkedHashMap<>();
  private final Map<String, MemoryQueue> queues = new TreeMap<>();
  private final MemoryCells cells = new MemoryCells();
  private final Watchers watchers = new Watchers();
  private long revision;

  Model(Ticker ticker, Consumer<Runnable> outbox) {
    this.ticker = ticker;
    this.outbox = outbox;
  }

  /** Has something done after the lock is released. */
  void emit(Runnable effect) {
    outbox.accept(effect);
  }

  long revision() {
    return revision;
  }

  Watchers watchers() {
    return watchers;
  }

  MemoryCells cells() {
    return cells;
  }

  // ---- Sessions

  List<SessionState> sessions() {
    return List.copyOf(sessions.values());
  }

  Optional<SessionState> session(String id) {
    return Optional.ofNullable(sessions.get(id));
  }

  SessionState open(Link owner, String candidate, Duration ttl) {
    revision++;
    SessionState session = new SessionState(candidate + "#" + revision, owner, ttl, ticker.read());
    sessions.put(session.id(), session);
    return session;
  }

  Duration heartbeat(SessionState session) {
    requireOpen(session);
    session.extend(ticker.read());
    return session.ttl();
  }

  /** Ends every session whose time has run out, in the order in which it did. */
  void expireDue() {
    long now = ticker.read();
    List<SessionState> due = new ArrayList<>();
    for (SessionState session : sessions.values()) {
      if (session.remainingNanos(now) <= 0) {
        due.add(session);
      }
    }
    due.sort(Comparator.comparingLong(session -> session.remainingNanos(now)));
    due.forEach(this::end);
  }

  /** Ends a session with everything that is bound to it, in one write. Idempotent. */
  void end(SessionState session) {
    if (!session.isOpen()) {
      return;
    }
    revision++;
    session.end();
    sessions.remove(session.id());
    cells.dropEphemeral(session);
    List.copyOf(session.entries()).forEach(this::drop);
    // After the entries: whoever waits for an entry of its own session sees it depart.
    for (MemoryWait wait : List.copyOf(session.waits())) {
      forget(wait);
      emit(() -> wait.sessionEnded(gone(session)));
    }
    emit(session::disarm);
  }

  private static void requireOpen(SessionState session) {
    if (!session.isOpen()) {
      throw gone(session);
    }
  }

  private static StoreException gone(SessionState session) {
    return new StoreException(SESSION_GONE, "session " + session + " no longer exists");
  }

  // ---- Queues

  List<QueueName> queues() {
    return queues.keySet().stream().map(QueueName::new).toList();
  }

  QueueView view(QueueName queue, Detail detail) {
    return new QueueView(queue(queue).entries(detail), revision);
  }

  Enqueued enqueue(SessionState session, QueueName name, EntrySpec spec) {
    requireOpen(session);
    MemoryEntry self = queue(name).find(spec.id()).orElseGet(() -> create(session, name, spec));
    if (self.session() != session) {
      throw new StoreException(
          REFUSED, "entry " + spec.id() + " of " + name + " belongs to another session");
    }
    return new Enqueued(self.show(Detail.PAYLOADS), queue(name).ahead(self), revision);
  }

  private MemoryEntry create(SessionState session, QueueName name, EntrySpec spec) {
    MemoryEntry entry = new MemoryEntry(name, spec, ++revision, session);
    queues.computeIfAbsent(name.path(), path -> new MemoryQueue()).add(entry);
    session.entries().add(entry);
    watchers.entriesChanged(name, this);
    return entry;
  }

  boolean remove(SessionState session, Entry entry) {
    return delete(own(session, entry));
  }

  boolean withdraw(SessionState session, QueueName queue, String entryId) {
    return delete(queue(queue).find(entryId).filter(entry -> entry.session() == session));
  }

  /** Removes an entry whoever it belongs to. */
  boolean deleteEntry(QueueName queue, String entryId) {
    return delete(queue(queue).find(entryId));
  }

  private boolean delete(Optional<MemoryEntry> entry) {
    entry.ifPresent(
        found -> {
          revision++;
          drop(found);
        });
    return entry.isPresent();
  }

  void update(SessionState session, Entry entry, byte[] payload) {
    requireOpen(session);
    MemoryEntry own =
        own(session, entry)
            .orElseThrow(() -> new StoreException(NOT_DONE, "entry " + entry + " is gone"));
    revision++;
    own.payload(payload);
    watchers.payloadChanged(own.queue(), this);
  }

  void putForeign(QueueName name, String key, byte[] content) {
    revision++;
    queues.computeIfAbsent(name.path(), path -> new MemoryQueue()).addForeign(key, content);
    watchers.entriesChanged(name, this);
  }

  /** Registers a wait, or tells it at once that there is nothing to wait for. */
  void await(MemoryWait wait) {
    if (wait.isSettled()) {
      return;
    }
    Optional<MemoryEntry> entry = find(wait.entry());
    if (entry.isEmpty()) {
      emit(wait::complete);
      return;
    }
    requireOpen(wait.session());
    entry.get().waits().add(wait);
    wait.session().waits().add(wait);
  }

  void forget(MemoryWait wait) {
    find(wait.entry()).ifPresent(entry -> entry.waits().remove(wait));
    wait.session().waits().remove(wait);
  }

  /**
   * Takes an entry out and wakes who waited for it, and nobody else. They stay registered with
   * their sessions until the event reaches them, so that one that is dropped on the way leaves a
   * wait that the end of the session, or a disruption, still reaches.
   */
  private void drop(MemoryEntry entry) {
    MemoryQueue queue = queue(entry.queue());
    queue.remove(entry);
    if (queue.isEmpty()) {
      queues.remove(entry.queue().path());
    }
    entry.session().entries().remove(entry);
    entry.waits().forEach(wait -> emit(wait::entryDeparted));
    watchers.entriesChanged(entry.queue(), this);
  }

  private MemoryQueue queue(QueueName name) {
    return queues.getOrDefault(name.path(), new MemoryQueue());
  }

  private Optional<MemoryEntry> find(Entry entry) {
    return queue(entry.queue()).find(entry.id()).filter(found -> found.revision() == entry.order());
  }

  private Optional<MemoryEntry> own(SessionState session, Entry entry) {
    return find(entry).filter(found -> found.session() == session);
  }

  // ---- Cells

  Optional<Versioned> get(String key) {
    return cells.get(key);
  }

  /** Writes on behalf of nobody in particular. */
  WriteOutcome write(List<Mutation> writes) {
    requireWellFormed(writes);
    if (writes.stream().anyMatch(Mutation::ephemeral)) {
      throw new StoreException(REFUSED, "an ephemeral cell is written by a session only");
    }
    return write(Optional.empty(), writes);
  }

  WriteOutcome write(SessionState session, Optional<Entry> guard, List<Mutation> writes) {
    requireWellFormed(writes);
    if (guard.isEmpty()) {
      requireOpen(session);
    } else if (own(session, guard.get()).isEmpty()) {
      return new WriteOutcome.HolderGone();
    }
    return write(Optional.of(session), writes);
  }

  private WriteOutcome write(Optional<SessionState> session, List<Mutation> writes) {
    Optional<Mismatch> mismatch = cells.firstMismatch(writes);
    if (mismatch.isPresent()) {
      return mismatch.get();
    }
    revision++;
    return new WriteOutcome.Applied(cells.apply(writes, revision, session));
  }

  private static void requireWellFormed(List<Mutation> writes) {
    long keys = writes.stream().map(Mutation::key).distinct().count();
    if (keys == 0 || keys > InMemoryBackend.MAX_WRITES || keys < writes.size()) {
      throw new StoreException(
          REFUSED,
          String.format(
              "an atomic write has 1 to %d cells, none of them twice, but this one has %d writes to"
                  + " %d cells",
              InMemoryBackend.MAX_WRITES, writes.size(), keys));
    }
  }
}

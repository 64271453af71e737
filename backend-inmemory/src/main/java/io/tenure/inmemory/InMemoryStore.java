package io.tenure.inmemory;

import static java.util.Objects.requireNonNull;

import io.tenure.Versioned;
import io.tenure.spi.ClientSpec;
import io.tenure.spi.Detail;
import io.tenure.spi.Entry;
import io.tenure.spi.QueueName;
import io.tenure.spi.Scheduler;
import io.tenure.spi.StoreException;
import io.tenure.spi.Ticker;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A store in this JVM's memory, shared by any number of clients through {@link
 * InMemoryBackend#on(InMemoryStore)}.
 *
 * <p>Linearizable: one lock orders all requests. A session whose time to live has run out is gone
 * at the first look at the store after that moment, whether or not its timer was in time. The store
 * needs no closing: its one daemon thread, named {@code tenure-memory-store}, lives only while a
 * session is open.
 *
 * <p>All methods may be called from any thread and none blocks. What they cause, the answers and
 * the callbacks of others included, is delivered in the order of the store's changes, one at a time
 * and outside the lock, on the calling thread or on another that is delivering already.
 *
 * <p>The public methods are for tests: they show what is in the store, and do to it what strangers
 * and operators do.
 */
public final class InMemoryStore {
  /*
   * Locking. `lock` guards the model and the outbox, and nothing but map work is done under it.
   * What must happen outside (completing a stage, calling a watcher, setting a timer) is put into
   * the outbox under the lock, so that it stands there in the order of the changes. Whoever leaves
   * the lock empties the outbox, unless somebody is at it already: then that thread takes the new
   * ones too. So deliveries are serial, and a delivery that calls the store again does not nest.
   */
  private static final Logger log = LoggerFactory.getLogger(InMemoryStore.class);

  private final Ticker ticker;
  private final Scheduler scheduler;
  private final ReentrantLock lock = new ReentrantLock();
  private final Queue<Runnable> outbox = new ArrayDeque<>();
  private final Model model;
  private boolean delivering;
  private volatile Faults faults = Faults.none();

  private InMemoryStore(Ticker ticker, Scheduler scheduler) {
    this.ticker = requireNonNull(ticker, "ticker");
    this.scheduler = requireNonNull(scheduler, "scheduler");
    this.model = new Model(ticker, outbox::add);
  }

  /**
   * Creates an empty store on the system's clock.
   *
   * @return the store
   */
  public static InMemoryStore create() {
    return new InMemoryStore(Ticker.system(), new StoreTimer());
  }

  /**
   * Creates an empty store on a clock that the caller holds in its hands.
   *
   * @param ticker tells when sessions run out
   * @param scheduler runs expiries and injected delays; it stays the caller's and is never closed
   * @return the store
   */
  public static InMemoryStore create(Ticker ticker, Scheduler scheduler) {
    return new InMemoryStore(ticker, scheduler);
  }

  /**
   * Decides from now on what becomes of requests and events; replaces what decided before.
   *
   * @param newFaults the faults; {@link Faults#none()} heals the store
   */
  public void faults(Faults newFaults) {
    faults = requireNonNull(newFaults, "newFaults");
  }

  /**
   * Returns the store's revision, which every applied write raises by one. So it is also the number
   * of quorum writes that a real store would have made: opening a session, its end, every new,
   * changed or removed entry, every write of cells; not a heartbeat, a read or a watch, nor
   * anything that changed nothing.
   *
   * @return 0 for a new store
   */
  public long revision() {
    return apply(Model::revision);
  }

  /**
   * Returns the open sessions.
   *
   * @return the ids, in the order of opening; each begins with its candidate's name and a {@code #}
   */
  public List<String> sessions() {
    return apply(model -> model.sessions().stream().map(SessionState::id).toList());
  }

  /**
   * Lets a session run out now, with everything bound to it.
   *
   * @param id the session
   * @return false if there was no such session any more
   */
  public boolean expireSession(String id) {
    return apply(
        model -> {
          Optional<SessionState> session = model.session(id);
          session.ifPresent(model::end);
          return session.isPresent();
        });
  }

  /**
   * Returns the queues that exist, which are those that hold something.
   *
   * @return the names, sorted
   */
  public List<QueueName> queues() {
    return apply(Model::queues);
  }

  /**
   * Returns the entries of a queue.
   *
   * @param queue the queue
   * @return every entry in order, with payload and revision
   */
  public List<Entry> entries(QueueName queue) {
    return apply(model -> model.view(queue, Detail.PAYLOADS).entries());
  }

  /**
   * Returns the cells.
   *
   * @return what each holds, by key
   */
  public Map<String, Versioned> cells() {
    return apply(model -> model.cells().all());
  }

  /**
   * Returns how many watches are registered: followers of a queue and waits for one entry.
   *
   * @return 0 if nobody watches
   */
  public int watchCount() {
    return apply(
        model ->
            model.watchers().all().size()
                + model.sessions().stream().mapToInt(session -> session.waits().size()).sum());
  }

  /**
   * Deletes an entry behind its owner's back, as an operator might.
   *
   * @param queue the queue
   * @param entryId the entry
   * @return false if there was no such entry
   */
  public boolean deleteEntry(QueueName queue, String entryId) {
    return apply(model -> model.deleteEntry(queue, entryId));
  }

  /**
   * Puts something that is not an entry among the entries of a queue, as a stranger might. Whoever
   * watches the queue is woken, but no view ever shows it.
   *
   * @param queue the queue
   * @param name anything
   * @param content anything
   */
  public void putForeign(QueueName queue, String name, byte[] content) {
    run(model -> model.putForeign(queue, name, content));
  }

  /** Disrupts all watches and waits at once, as the restart of a real store does. */
  public void disruptWatches() {
    StoreException cause =
        new StoreException(StoreException.Outcome.UNKNOWN, "injected fault: all watches disrupted");
    run(
        model -> {
          model.watchers().all().forEach(watch -> model.emit(() -> watch.end(cause)));
          model
              .sessions()
              .forEach(
                  session -> session.waits().forEach(wait -> model.emit(() -> wait.fail(cause))));
        });
  }

  // ---- For the clients

  Scheduler scheduler() {
    return scheduler;
  }

  Faults faults() {
    return faults;
  }

  /** Does map work under the lock, on what is left after expiry, and then delivers its effects. */
  <T> T apply(Function<Model, T> work) {
    lock.lock();
    try {
      model.expireDue();
      return work.apply(model);
    } finally {
      lock.unlock();
      deliverAll();
    }
  }

  void run(Consumer<Model> work) {
    this.<Boolean>apply(
        model -> {
          work.accept(model);
          return true;
        });
  }

  /** Has something delivered in turn. */
  void deliver(Runnable effect) {
    run(model -> model.emit(effect));
  }

  /** Opens a session and sees to its expiry. Called under the lock. */
  SessionState open(Link owner, ClientSpec client) {
    SessionState session = model.open(owner, client.candidate(), client.ttl());
    arm(session);
    return session;
  }

  /** Sets the session's one timer. A heartbeat leaves it alone: woken too early it is set anew. */
  private void arm(SessionState session) {
    long remainingNanos = session.remainingNanos(ticker.read());
    outbox.add(() -> session.armed(scheduler.schedule(() -> checkExpiry(session), remainingNanos)));
  }

  private void checkExpiry(SessionState session) {
    run(
        model -> {
          if (session.isOpen()) {
            arm(session);
          }
        });
  }

  private void deliverAll() {
    for (Optional<Runnable> next = nextDelivery(false);
        next.isPresent();
        next = nextDelivery(true)) {
      deliverOne(next.get());
    }
  }

  /**
   * Takes the next effect out of the outbox.
   *
   * @param mine true if the calling thread is the one that delivers
   * @return empty if there is none, or somebody else delivers
   */
  private Optional<Runnable> nextDelivery(boolean mine) {
    lock.lock();
    try {
      if (delivering && !mine) {
        return Optional.empty();
      }
      Optional<Runnable> next = Optional.ofNullable(outbox.poll());
      delivering = next.isPresent();
      return next;
    } finally {
      lock.unlock();
    }
  }

  private static void deliverOne(Runnable effect) {
    try {
      effect.run();
    } catch (RuntimeException | Error e) {
      log.error("A callback of the in-memory store failed; the store goes on", e);
    }
  }
}

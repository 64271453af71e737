package io.tenure;

import io.tenure.spi.QueueName;
import io.tenure.spi.Scheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The insides of one client on a {@link StagedStore}, with a clock and timers that the test moves
 * and without a thread of its own: callbacks wait until the test lets them run.
 */
final class Stage implements Scheduler {
  static final long MARGIN_NANOS = 1_000;
  static final long RENEW_EVERY_NANOS = 5_000;

  static final long USABLE_NANOS =
      LeaseDeadline.usableNanos(StagedStore.TTL.toNanos(), MARGIN_NANOS);

  final StagedStore store = new StagedStore();
  final List<CoordinationEvent> events = new CopyOnWriteArrayList<>();
  final Context context;
  final CompletableFuture<Void> closed = new CompletableFuture<>();
  volatile long nowNanos;

  /** Makes the threads that the client asks its user for. */
  ThreadFactory threads = Thread::new;

  private final AtomicInteger looks = new AtomicInteger();
  private int pausedLook;
  private long pauseNanos;
  private final ConcurrentLinkedQueue<Timer> timers = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Runnable> callbacks = new ConcurrentLinkedQueue<>();

  Stage() {
    ClientConfig config =
        new ClientConfig(
            "candidate",
            new byte[0],
            new Names("n"),
            StagedStore.TTL.toNanos(),
            MARGIN_NANOS,
            RENEW_EVERY_NANOS,
            3_000,
            Optional.of(callbacks::add),
            task -> threads.newThread(task),
            LossPolicy.report(),
            events::add,
            this::look,
            this);
    context = new Context(config, StagedStore.TRAITS, store);
  }

  /** Stands still for a time right after the clock was looked at for the nth time. */
  void pauseAfterLook(int look, long nanos) {
    pausedLook = look;
    pauseNanos = nanos;
  }

  int looks() {
    return looks.get();
  }

  private long look() {
    long seenNanos = nowNanos;
    if (looks.incrementAndGet() == pausedLook) {
      nowNanos = seenNanos + pauseNanos;
    }
    return seenNanos;
  }

  private final class Timer implements Cancellable {
    private final Runnable task;
    private final long dueNanos;

    Timer(Runnable task, long dueNanos) {
      this.task = task;
      this.dueNanos = dueNanos;
    }

    @Override
    public void cancel() {
      timers.remove(this);
    }
  }

  @Override
  public Cancellable schedule(Runnable task, long delayNanos) {
    Timer timer = new Timer(task, nowNanos + delayNanos);
    timers.add(timer);
    return timer;
  }

  /** A lease that was just granted, without a way through the store. */
  HeldLease lease(HeldLease.Owner owner) {
    QueuePlace place = new QueuePlace(context, new QueueName("n/lock/a"), "a", false, null);
    LeaseDeadline deadline = new LeaseDeadline(0, StagedStore.TTL.toNanos(), MARGIN_NANOS);
    place.found(new LiveSession(store.session(), deadline, 0, 0));
    LossScope scope = new LossScope(LossPolicy.report(), null);
    FencingToken token = FencingToken.of(1);
    return new HeldLease(context, place, "a", token, scope, Long.MAX_VALUE, owner);
  }

  /** Ends everything that is open, and the session. */
  void closeClient() {
    context.lane.execute(
        () -> {
          context.open.refuse();
          context.open.close();
          context.sessions.close().thenAccept(closed::complete);
        });
  }

  /** How many timers are set. */
  int timers() {
    return timers.size();
  }

  /** Moves the clock and runs what has become due. */
  void moveClock(long toNanos) {
    nowNanos = toNanos;
    for (Timer timer : new ArrayList<>(timers)) {
      if (timer.dueNanos <= toNanos && timers.remove(timer)) {
        timer.task.run();
      }
    }
  }

  /** Runs the callbacks that wait, and those that come of them. */
  void callUsers() {
    for (Runnable call = callbacks.poll(); call != null; call = callbacks.poll()) {
      call.run();
    }
  }

  long count(Class<? extends CoordinationEvent> kind) {
    return events.stream().filter(kind::isInstance).count();
  }

  @Override
  public double random() {
    return 0.5;
  }

  @Override
  public String uniqueId() {
    return "0123456789abcdef0123456789abcdef";
  }

  @Override
  public void close() {
    timers.clear();
  }
}

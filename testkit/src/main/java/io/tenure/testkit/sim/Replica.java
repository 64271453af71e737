package io.tenure.testkit.sim;

import io.tenure.ClientBuilder;
import io.tenure.ClientClosedException;
import io.tenure.CoordinationClient;
import io.tenure.spi.QueueName;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One simulated process: its client, its clock, and the user's code in it.
 *
 * <p>Its code runs one step at a time. Whatever it wants to do later it gives to {@link #after};
 * code that blocks runs in {@link #start}, and waits by {@link #sleep} or by the client's own
 * blocking methods, never by the JVM's. When the process crashes nothing of it runs any more, and
 * the seat's next process begins with the same program.
 */
public final class Replica {
  private static final int USUAL_NANOS = 1_000_000;

  private final World world;
  private final Seat seat;
  private final int number;
  private final String name;
  private final SplittableRandom random;
  private final Link link;
  private final ProcessClock clock;
  private final ProcessScheduler scheduler;
  private final Set<SimulatedThread> threads = new LinkedHashSet<>();
  private final Set<QueueName> elections = new LinkedHashSet<>();
  private @Nullable CoordinationClient client;
  private @Nullable CoordinationClient observed;
  private long pausedUntilNanos;
  private boolean clockTrusted = true;
  private boolean dead;
  private boolean ending;
  private boolean closed;
  private int watches;

  Replica(World world, Seat seat, int number, SplittableRandom random) {
    this.world = world;
    this.seat = seat;
    this.number = number;
    this.name = "r" + seat.index() + "." + number;
    this.random = random;
    this.link =
        new Link(
            this,
            world.agenda(),
            world.store(),
            world.setup().profile(),
            seat.weather(),
            random.split());
    // Within what the margins allow for: the core takes 0.5 % off.
    long ppm = random.nextLong(8_000) - 4_000;
    this.clock = new ProcessClock(world.agenda(), random.nextLong(), ppm);
    this.scheduler = new ProcessScheduler(this, world.agenda(), random.split());
  }

  /**
   * Returns the process's name, which is its client's candidate id.
   *
   * @return the seat and the number of the process
   */
  public String name() {
    return name;
  }

  /**
   * Returns the process's client, made at the first call. Its leases are watched by the
   * simulation's own checks.
   *
   * @return always the same
   */
  public CoordinationClient client() {
    return client(settings -> {});
  }

  /**
   * Returns the process's client, with settings of its own if this is the first call.
   *
   * @param settings changes what it likes besides namespace, name, time, threads and events, which
   *     are the simulation's
   * @return always the same
   */
  public CoordinationClient client(Consumer<ClientBuilder> settings) {
    if (observed == null) {
      client = build(settings);
      observed = new ObservedClient(client, this, world.book());
    }
    return observed;
  }

  private CoordinationClient build(Consumer<ClientBuilder> settings) {
    Seams seams = world.setup().seams();
    ClientDraw draw = world.clientDraw();
    ClientBuilder builder =
        CoordinationClient.builder(
            seams.backend(
                new SimulatedBackend(link, world.setup().profile(), draw.patience()), this));
    draw.apply(builder);
    settings.accept(builder);
    return builder
        .namespace(LeaseBook.NAMESPACE)
        .candidate(name())
        .ticker(seams.ticker(new InterruptedTicker(world, this, seat.weather()), this))
        .scheduler(scheduler)
        .executor(task -> later(random.nextInt(USUAL_NANOS), task))
        .threadFactory(work -> new WorkThread(this, world, work))
        .onEvent(event -> world.book().reports().event(this, event))
        .build();
  }

  /**
   * Runs something in this process later.
   *
   * @param delay how long to wait, in the simulation's time
   * @param work what to run; an exception fails the simulation
   */
  public void after(Duration delay, Runnable work) {
    later(delay.toNanos(), work);
  }

  private void later(long delayNanos, Runnable work) {
    world.agenda().after(delayNanos, this, () -> run("a callback", work));
  }

  void run(String what, Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      failed(what + " of " + name(), e);
    }
  }

  void failed(String what, Throwable error) {
    world.threw(what, error);
  }

  /**
   * Runs code that may block, in a thread of this process's own.
   *
   * @param work what to run; an {@link InterruptedException} is its ordinary end, and so is a
   *     {@link ClientClosedException} once {@link #isEnding}; it ends within a minute after that
   * @return the thread, begun
   */
  public Thread start(Callable<?> work) {
    SimulatedThread thread =
        new SimulatedThread(
            this,
            world.agenda(),
            () -> {
              try {
                work.call();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } catch (ClientClosedException e) {
                if (!ending) {
                  throw e;
                }
              } catch (RuntimeException e) {
                throw e;
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    thread.start();
    return thread;
  }

  /**
   * Waits in a simulated thread.
   *
   * @param duration how long, in simulated time
   * @throws InterruptedException if the thread is interrupted
   */
  public void sleep(Duration duration) throws InterruptedException {
    CompletableFuture<Boolean> over = new CompletableFuture<>();
    world.agenda().after(duration.toNanos(), this, () -> over.complete(true));
    try {
      scheduler.await(over);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Waits in a simulated thread until something is done, such as a {@link #call}.
   *
   * @param future what is waited for
   * @param patience for how long, in simulated time
   * @param <T> what it gives
   * @return its value
   * @throws ExecutionException if it failed
   * @throws TimeoutException if it was not done in time; whether it will be is not known
   * @throws InterruptedException if the thread is interrupted
   */
  public <T> T await(CompletableFuture<T> future, Duration patience)
      throws InterruptedException, ExecutionException, TimeoutException {
    CompletableFuture<?> over = new CompletableFuture<>();
    world.agenda().after(patience.toNanos(), this, () -> over.complete(null));
    scheduler.await(CompletableFuture.anyOf(future, over).handle((value, error) -> true));
    if (!future.isDone()) {
      throw new TimeoutException("not done within " + patience);
    }
    return future.get();
  }

  /**
   * Calls something that stands elsewhere, such as the resource that the lock protects: over the
   * same weather as the store, but never cut off. The request may be lost, or arrive twice or half
   * a minute late, also when this process is dead by then.
   *
   * @param service what runs there, once for each arrival
   * @param <T> what it answers
   * @return the first answer that arrives, perhaps never; fails with what the service threw
   */
  public <T> CompletableFuture<T> call(Supplier<T> service) {
    return new RemoteCall<>(this, world.agenda(), seat.weather(), random, service).send();
  }

  /**
   * Returns the chance that belongs to this process.
   *
   * @return seeded
   */
  public SplittableRandom random() {
    return random;
  }

  /**
   * Returns the simulation that this process is part of.
   *
   * @return the simulation
   */
  public Simulation simulation() {
    return new Simulation(world);
  }

  /**
   * Tells whether this process is on its way out: its client is being closed, and its program
   * begins nothing new.
   *
   * @return true after a stop in good order, and for all in the last part of the schedule
   */
  public boolean isEnding() {
    return ending;
  }

  // ---- What the simulation does to it

  int number() {
    return number;
  }

  Link link() {
    return link;
  }

  ProcessClock clock() {
    return clock;
  }

  Set<SimulatedThread> threads() {
    return threads;
  }

  void standsFor(QueueName election) {
    elections.add(election);
  }

  /** The turn that it has now; not told of a process that stands for several elections. */
  Optional<EntryKey> turn() {
    return elections.size() == 1
        ? world
            .store()
            .head(elections.iterator().next())
            .filter(entry -> entry.session().owner() == this)
            .map(entry -> new EntryKey(entry.queue(), entry.revision()))
        : Optional.empty();
  }

  boolean isDead() {
    return dead;
  }

  boolean isClosed() {
    return closed || client == null;
  }

  long slowUntilNanos() {
    return link.slowUntilNanos();
  }

  long pausedUntilNanos() {
    return pausedUntilNanos;
  }

  /** True if its clock has always kept the rate that the margins allow for. */
  boolean isClockTrusted() {
    return clockTrusted;
  }

  void distrustClock() {
    clockTrusted = false;
  }

  void pause(long nanos) {
    pauseUntil(world.agenda().nowNanos() + nanos);
    world.count("pauses");
  }

  void pauseUntil(long untilNanos) {
    pausedUntilNanos = Math.max(pausedUntilNanos, untilNanos);
  }

  void die() {
    dead = true;
    world.store().watches().removeIf(watch -> watch.owner() == this);
  }

  /**
   * Closes the client, in a step of its own.
   *
   * @param thread true to do it in a thread; without one, the steps of others go on inside this one
   */
  void close(boolean thread) {
    ending = true;
    CoordinationClient closing = client;
    if (closing == null) {
      return;
    }
    Runnable work =
        () -> {
          closing.close();
          closed = true;
        };
    if (thread) {
      start(Executors.callable(work));
    } else {
      after(Duration.ZERO, work);
    }
  }

  void threadFailed(Throwable error) {
    failed("a thread of " + name(), error);
  }

  void requireThreadsEnded() {
    for (SimulatedThread thread : threads) {
      world.violated(
          "no code is left running",
          "a thread of "
              + name()
              + " still runs long after its client was closed"
              + thread.place());
    }
  }

  void endThreads() {
    List.copyOf(threads).forEach(SimulatedThread::end);
  }

  void watchOpened() {
    watches++;
  }

  void watchClosed() {
    watches--;
  }

  void backendClosed() {
    if (!dead) {
      world.require(
          "no watch is left", watches == 0, watches + " watches of " + name() + " are open");
    }
  }
}

package io.tenure;

import static java.util.Objects.requireNonNull;

import io.tenure.spi.Backend;
import io.tenure.spi.ClientSpec;
import io.tenure.spi.Scheduler;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.Ticker;
import io.tenure.spi.Traits;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A {@link CoordinationClient} in the making.
 *
 * <p>Settings that contradict each other are refused by {@link #build()} with the relation that
 * they break; none is corrected in silence. Not thread-safe. Obtained from {@link
 * CoordinationClient#builder}.
 */
public final class ClientBuilder {
  private static final long MIN_MARGIN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long MAX_REQUEST_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Backend backend;
  private @Nullable String candidate;
  private Map<String, String> metadata = Map.of();
  private Names names = new Names("default");
  private @Nullable Duration leaseTtl;
  private @Nullable Duration safetyMargin;
  private @Nullable Duration renewEvery;
  private @Nullable Duration requestTimeout;
  private Optional<Executor> executor = Optional.empty();
  private @Nullable ThreadFactory threadFactory;
  private LossPolicy lossPolicy = LossPolicy.report();
  private Consumer<CoordinationEvent> eventListener = event -> {};
  private Ticker ticker = Ticker.system();
  private @Nullable Scheduler scheduler;

  ClientBuilder(Backend backend) {
    this.backend = requireNonNull(backend, "backend");
  }

  /**
   * Sets who this client is, as others see it. Two clients may have the same id: it is a
   * description and proves nothing.
   *
   * @param id 1 to 255 bytes of UTF-8 without control characters; host, process id and a random
   *     number by default
   * @return this builder
   */
  public ClientBuilder candidate(String id) {
    Names.segment(id, "a candidate's id");
    candidate = id;
    return this;
  }

  /**
   * Sets what else others can read about this client, such as the address where it serves.
   *
   * @param metadata together with the id at most 16 KiB; empty by default
   * @return this builder
   */
  public ClientBuilder metadata(Map<String, String> metadata) {
    this.metadata = Map.copyOf(metadata);
    return this;
  }

  /**
   * Sets the prefix of everything this client touches in the store, and all that its names are
   * unique in.
   *
   * @param namespace segments joined by '/', each like a lock's name; "default" by default
   * @return this builder
   * @throws IllegalArgumentException if a segment is not allowed, saying why
   */
  public ClientBuilder namespace(String namespace) {
    names = new Names(namespace);
    return this;
  }

  /**
   * Sets the time to live: how long the store keeps what this client holds when it hears nothing
   * from it. A short one makes a crash short, a long one survives long pauses.
   *
   * @param ttl within the store's range; the store's default otherwise
   * @return this builder
   */
  public ClientBuilder leaseTtl(Duration ttl) {
    leaseTtl = requireNonNull(ttl, "ttl");
    return this;
  }

  /**
   * Sets how long before the store could give a lease away this client stops believing in it,
   * beyond 0.5 % for clocks of different rate. It is the time that the user's code has to stop.
   *
   * @param margin greater than zero; a tenth of the TTL, at least 100 ms, by default
   * @return this builder
   */
  public ClientBuilder safetyMargin(Duration margin) {
    safetyMargin = requireNonNull(margin, "margin");
    return this;
  }

  /**
   * Sets the pause between two renewals of the session.
   *
   * @param pause greater than zero; two of them and the safety margin must fit into the TTL; a
   *     sixth of the TTL by default
   * @return this builder
   */
  public ClientBuilder renewEvery(Duration pause) {
    renewEvery = requireNonNull(pause, "pause");
    return this;
  }

  /**
   * Sets after which time an unanswered request counts as unknown and is tried again or reported.
   *
   * @param timeout greater than zero; a third of the TTL, at most 5 seconds, by default
   * @return this builder
   */
  public ClientBuilder requestTimeout(Duration timeout) {
    requestTimeout = requireNonNull(timeout, "timeout");
    return this;
  }

  /**
   * Sets where callbacks and the completions of futures run. It stays the caller's to shut down. It
   * must neither run tasks in the thread that gives them nor block that thread. One that takes a
   * task and drops it loses that callback, and all later ones of the same listener. One that
   * refuses a task loses nothing, since a fallback thread takes it then.
   *
   * @param executor for example one of virtual threads; up to four daemon threads by default
   * @return this builder
   */
  public ClientBuilder executor(Executor executor) {
    this.executor = Optional.of(executor);
    return this;
  }

  /**
   * Sets what makes the threads that {@link SingletonTask}s run in, one for each turn.
   *
   * @param factory daemon threads by default
   * @return this builder
   */
  public ClientBuilder threadFactory(ThreadFactory factory) {
    threadFactory = requireNonNull(factory, "factory");
    return this;
  }

  /**
   * Sets what a loss does to this process besides being reported.
   *
   * @param policy {@link LossPolicy#report()} by default
   * @return this builder
   */
  public ClientBuilder lossPolicy(LossPolicy policy) {
    lossPolicy = requireNonNull(policy, "policy");
    return this;
  }

  /**
   * Sets who is told what happens to this client, one event at a time, on the executor.
   *
   * @param listener an exception it throws is logged
   * @return this builder
   */
  public ClientBuilder onEvent(Consumer<CoordinationEvent> listener) {
    eventListener = requireNonNull(listener, "listener");
    return this;
  }

  /**
   * Sets the clock, for tests.
   *
   * @param ticker the system's by default
   * @return this builder
   */
  public ClientBuilder ticker(Ticker ticker) {
    this.ticker = requireNonNull(ticker, "ticker");
    return this;
  }

  /**
   * Sets what keeps delays, for tests. The client closes it with itself.
   *
   * @param scheduler one daemon thread by default
   * @return this builder
   */
  public ClientBuilder scheduler(Scheduler scheduler) {
    this.scheduler = requireNonNull(scheduler, "scheduler");
    return this;
  }

  /**
   * Makes the client. Does no I/O.
   *
   * @return the client
   * @throws IllegalArgumentException if settings are out of the store's range or contradict each
   *     other; the message names the relation
   */
  public CoordinationClient build() {
    Traits traits = backend.traits();
    String host = host();
    long pid = ProcessHandle.current().pid();
    String id =
        candidate != null
            ? candidate
            : host + "-" + pid + "-" + Integer.toHexString(ThreadLocalRandom.current().nextInt());
    byte[] identity = new Identity(id, host, pid, metadata).encode();
    ClientSpec spec = spec(id);
    StoreConnection store = backend.open(spec);
    ClientConfig config =
        new ClientConfig(
            id,
            identity,
            names,
            spec.ttl().toNanos(),
            spec.safetyMargin().toNanos(),
            spec.renewEvery().toNanos(),
            spec.requestTimeout().toNanos(),
            executor,
            threadFactory == null ? taskThreads(id) : threadFactory,
            lossPolicy,
            eventListener,
            ticker,
            scheduler == null ? new TimerScheduler(id) : scheduler);
    return new StandardClient(new Context(config, traits, store));
  }

  /**
   * Puts together what the store has to know of these settings.
   *
   * @throws IllegalArgumentException as {@link #build} does
   */
  ClientSpec spec(String id) {
    Traits traits = backend.traits();
    long ttl = Texts.nanos(leaseTtl == null ? traits.defaultTtl() : leaseTtl);
    long margin = Texts.nanos(or(safetyMargin, Math.max(ttl / 10, MIN_MARGIN_NANOS)));
    long renew = Texts.nanos(or(renewEvery, ttl / 6));
    long timeout = Texts.nanos(or(requestTimeout, Math.min(ttl / 3, MAX_REQUEST_TIMEOUT_NANOS)));
    check(traits, ttl, margin, renew, timeout);
    return new ClientSpec(
        id,
        Duration.ofNanos(ttl),
        Duration.ofNanos(renew),
        Duration.ofNanos(margin),
        Duration.ofNanos(timeout));
  }

  private static Duration or(@Nullable Duration chosen, long byDefaultNanos) {
    return chosen == null ? Duration.ofNanos(byDefaultNanos) : chosen;
  }

  private static void check(Traits traits, long ttl, long margin, long renew, long timeout) {
    if (ttl < traits.minTtl().toNanos() || ttl > traits.maxTtl().toNanos()) {
      throw new IllegalArgumentException(
          "a TTL on "
              + traits.store()
              + " is "
              + Texts.duration(traits.minTtl())
              + " to "
              + Texts.duration(traits.maxTtl())
              + ", but leaseTtl is "
              + Texts.duration(ttl));
    }
    positive("safetyMargin", margin);
    positive("renewEvery", renew);
    positive("requestTimeout", timeout);
    if (LeaseDeadline.usableNanos(ttl, margin) / 2 < renew) {
      throw new IllegalArgumentException(
          "two renewals and the safety margin must fit into the TTL, so that one lost renewal loses"
              + " nothing, but leaseTtl is "
              + Texts.duration(ttl)
              + ", safetyMargin "
              + Texts.duration(margin)
              + " and renewEvery "
              + Texts.duration(renew));
    }
  }

  private static void positive(String setting, long nanos) {
    if (nanos <= 0) {
      throw new IllegalArgumentException(
          setting + " is greater than zero, but this is " + Texts.duration(nanos));
    }
  }

  private static ThreadFactory taskThreads(String candidate) {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, "tenure-" + candidate + "-task-" + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  private static String host() {
    String named = System.getenv("HOSTNAME");
    if (named != null && !named.isBlank()) {
      return named;
    }
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      // A machine without a name for itself is no reason not to coordinate.
      return "?";
    }
  }
}

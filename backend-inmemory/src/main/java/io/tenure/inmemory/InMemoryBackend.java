package io.tenure.inmemory;

import static java.util.Objects.requireNonNull;

import io.tenure.Subscription;
import io.tenure.Versioned;
import io.tenure.inmemory.Faults.Operation;
import io.tenure.spi.Backend;
import io.tenure.spi.ClientSpec;
import io.tenure.spi.Detail;
import io.tenure.spi.Mutation;
import io.tenure.spi.QueueName;
import io.tenure.spi.QueueView;
import io.tenure.spi.StoreSession;
import io.tenure.spi.Traits;
import io.tenure.spi.WriteOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * A backend whose store lives in this JVM's memory.
 *
 * <p>It coordinates the clients of one {@link InMemoryStore} and nothing beyond this JVM: two
 * processes that use it both lead. It is for tests, for development, and for a program that may run
 * as a single instance. When the process ends everything is forgotten, tokens included, so a
 * resource that outlives the process must not be guarded with them.
 *
 * <p>A request does no I/O and is normally answered before the call returns. One backend serves one
 * client; {@link #close()} ends that client's sessions and watches, never the store.
 */
public final class InMemoryBackend implements Backend {
  static final int MAX_WRITES = 128;

  private final InMemoryStore store;
  private final Traits traits;
  private final AtomicReference<Optional<Link>> link = new AtomicReference<>(Optional.empty());

  private InMemoryBackend(InMemoryStore store, Duration lateApplyWindow) {
    this.store = requireNonNull(store, "store");
    this.traits =
        new Traits(
            "memory",
            Duration.ofMillis(10),
            Duration.ofDays(1),
            Duration.ofSeconds(15),
            1.0,
            Duration.ofMillis(100),
            lateApplyWindow,
            MAX_WRITES,
            "store counter; restarts with the process");
  }

  /**
   * Creates a backend with a store of its own, for a client that is alone.
   *
   * @return the backend
   */
  public static InMemoryBackend create() {
    return on(InMemoryStore.create());
  }

  /**
   * Creates a backend for one client of a store that several share.
   *
   * @param store the store
   * @return the backend
   */
  public static InMemoryBackend on(InMemoryStore store) {
    return on(store, Duration.ZERO);
  }

  /**
   * Creates a backend for a store whose {@link Faults} apply requests late.
   *
   * @param store the store
   * @param lateApplyWindow the longest delay of {@link Fault#lateApply} or {@link Fault#delay} that
   *     will be injected, which becomes {@link Traits#lateApplyWindow()}; zero or longer
   * @return the backend
   * @throws IllegalArgumentException if {@code lateApplyWindow} is negative
   */
  public static InMemoryBackend on(InMemoryStore store, Duration lateApplyWindow) {
    if (lateApplyWindow.isNegative()) {
      throw new IllegalArgumentException(
          "a late-apply window is zero or longer, but this is " + lateApplyWindow);
    }
    return new InMemoryBackend(store, lateApplyWindow);
  }

  /**
   * Returns the store behind this backend.
   *
   * @return the store
   */
  public InMemoryStore store() {
    return store;
  }

  @Override
  public Traits traits() {
    return traits;
  }

  @Override
  public void start(ClientSpec spec) {
    Duration ttl = spec.ttl();
    if (ttl.compareTo(traits.minTtl()) < 0 || ttl.compareTo(traits.maxTtl()) > 0) {
      throw new IllegalArgumentException(
          String.format(
              "the in-memory store takes a TTL from %s to %s, but this is %s",
              traits.minTtl(), traits.maxTtl(), ttl));
    }
    Optional<Link> previous =
        link.getAndUpdate(
            current -> current.isPresent() ? current : Optional.of(new Link(store, spec)));
    if (previous.isPresent()) {
      throw new IllegalStateException(
          "this backend was started before; create one for each client");
    }
  }

  @Override
  public CompletionStage<StoreSession> openSession() {
    return link().openSession();
  }

  @Override
  public CompletionStage<QueueView> read(QueueName queue, Detail detail) {
    return link().send(Operation.READ, queue.path(), model -> model.view(queue, detail));
  }

  @Override
  public Subscription watch(
      QueueName queue, Detail detail, Consumer<QueueView> onView, Consumer<Throwable> onEnd) {
    MemoryWatch watch = new MemoryWatch(link(), queue, detail, onView, onEnd);
    watch.begin();
    return watch;
  }

  @Override
  public CompletionStage<Optional<Versioned>> get(String key) {
    return link().send(Operation.GET, key, model -> model.get(key));
  }

  @Override
  public CompletionStage<WriteOutcome> write(List<Mutation> writes) {
    List<Mutation> copy = List.copyOf(writes);
    return link().send(Operation.WRITE, MemorySession.targetOf(copy), model -> model.write(copy));
  }

  @Override
  public void close() {
    link.get().ifPresent(Link::close);
  }

  private Link link() {
    return link.get()
        .orElseThrow(() -> new IllegalStateException("this backend has not been started"));
  }
}

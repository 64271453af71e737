package io.tenure;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.spi.StoreException;
import io.tenure.spi.Traits;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/**
 * The insides of one client in a single thread, on a store whose answers the test gives and in a
 * time that it moves: for what has to come in one order. {@link Stage} is for what races.
 */
final class Script {
  static final Duration MARGIN = Duration.ofSeconds(1);
  static final Duration RENEW_EVERY = Duration.ofSeconds(5);
  static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(3);

  /** How long one proof of the session lasts here. */
  static final Duration USABLE =
      Duration.ofNanos(LeaseDeadline.usableNanos(ScriptedStore.TTL.toNanos(), MARGIN.toNanos()));

  /** The first two pauses between attempts. */
  static final Duration PAUSE = Duration.ofMillis(15);

  static final Duration SECOND_PAUSE = Duration.ofMillis(30);

  final ManualTime time = new ManualTime();
  final ScriptedStore store = new ScriptedStore();
  final List<CoordinationEvent> events = new ArrayList<>();
  final Context context;
  private final Queue<Runnable> callbacks = new ArrayDeque<>();

  Script() {
    this(Duration.ZERO);
  }

  /** On a store that may apply a request that long after it was given up. */
  Script(Duration lateApplyWindow) {
    Duration ttl = ScriptedStore.TTL;
    Traits traits =
        new Traits("script", ttl, ttl, ttl, 1, Duration.ZERO, lateApplyWindow, 1, "a number");
    ClientConfig config =
        new ClientConfig(
            "candidate",
            new byte[0],
            new Names("n"),
            ttl.toNanos(),
            MARGIN.toNanos(),
            RENEW_EVERY.toNanos(),
            REQUEST_TIMEOUT.toNanos(),
            Optional.of(callbacks::add),
            Thread::new,
            LossPolicy.report(),
            events::add,
            time,
            time);
    context = new Context(config, traits, store);
  }

  /** What the task throws is thrown here; the lane would only log it. */
  void inLane(Runnable task) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    context.lane.execute(
        () -> {
          try {
            task.run();
            done.complete(null);
          } catch (RuntimeException | Error e) {
            done.completeExceptionally(e);
          }
        });
    assertThat(done).isCompleted();
  }

  /** Opens a session, as anyone who wants one does. */
  LiveSession session() {
    Want want = new Want();
    inLane(() -> context.sessions.request(want));
    return want.got.get(0);
  }

  /** Runs the callbacks that wait, and those that come of them. */
  void callUsers() {
    for (Runnable call = callbacks.poll(); call != null; call = callbacks.poll()) {
      call.run();
    }
  }

  /** A result that is there. */
  static <T> T now(CompletableFuture<T> result) {
    assertThat(result).isDone();
    return result.join();
  }

  /** The events of one kind, so far. */
  <E extends CoordinationEvent> List<E> events(Class<E> kind) {
    callUsers();
    return events.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** Somebody who wants a session and notes what comes. */
  static final class Want implements SessionKeeper.User {
    final List<LiveSession> got = new ArrayList<>();
    final List<StoreException> refusals = new ArrayList<>();

    @Override
    public void live(LiveSession session) {
      got.add(session);
    }

    @Override
    public void refused(StoreException e) {
      refusals.add(e);
    }
  }
}

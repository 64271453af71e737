package io.tenure;

import io.tenure.spi.Scheduler;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls users: on their executor, never in the lane and never on a store's thread.
 *
 * <p>An executor that is full, shut down, or runs the task in the calling thread cannot make a
 * callback disappear or block the library: such a callback runs on a fallback thread.
 */
final class Dispatcher implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);
  private static final int OWN_THREADS = 4;
  private static final long IDLE_SECONDS = 5;

  private final Executor executor;
  private final Optional<ThreadPoolExecutor> own;
  private final FallbackThread fallback;
  private final ThreadLocal<Boolean> handingOver = ThreadLocal.withInitial(() -> false);
  private static final ThreadLocal<@Nullable Dispatcher> CALLING = new ThreadLocal<>();
  private static final ThreadLocal<@Nullable Object> CALLING_FOR = new ThreadLocal<>();
  private volatile BiConsumer<String, Throwable> onFailure = (where, cause) -> {};

  /**
   * Calls users on the given executor, which stays theirs to shut down, or on a small pool of its
   * own.
   */
  Dispatcher(String candidate, Optional<Executor> users, Scheduler scheduler) {
    own =
        users.isPresent()
            ? Optional.empty()
            : Optional.of(pool(threads("tenure-" + candidate + "-callback")));
    executor = users.orElseGet(own::orElseThrow);
    fallback =
        new FallbackThread(threads("tenure-" + candidate + "-fallback"), IDLE_SECONDS, scheduler);
  }

  /** Calls users on their executor, and on the given thread what that does not take. */
  Dispatcher(Executor users, FallbackThread fallback) {
    this.own = Optional.empty();
    this.executor = users;
    this.fallback = fallback;
  }

  private static ThreadPoolExecutor pool(ThreadFactory threads) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            OWN_THREADS,
            OWN_THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            threads);
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  private static ThreadFactory threads(String name) {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  /** Also tells somebody of every callback that throws. */
  void onFailure(BiConsumer<String, Throwable> listener) {
    onFailure = listener;
  }

  /** Runs a call on the users' executor; calls given one after the other may run side by side. */
  void execute(String where, Runnable call) {
    AtomicBoolean begun = new AtomicBoolean();
    // An executor may take a task and throw all the same, where it cannot start a thread.
    Runnable guarded =
        () -> {
          if (begun.compareAndSet(false, true)) {
            call(where, call);
          }
        };
    Thread giver = Thread.currentThread();
    handingOver.set(true);
    try {
      executor.execute(
          () -> {
            if (Thread.currentThread() == giver && handingOver.get()) {
              fallback.execute(guarded);
            } else {
              guarded.run();
            }
          });
    } catch (RuntimeException | Error e) {
      log.warn("the executor refused the callback {}; it runs on a fallback thread", where, e);
      fallback.execute(guarded);
    } finally {
      handingOver.remove();
    }
  }

  private void call(String where, Runnable call) {
    Dispatcher outer = CALLING.get();
    CALLING.set(this);
    try {
      call.run();
    } catch (RuntimeException | Error e) {
      log.error("the callback {} threw", where, e);
      onFailure.accept(where, e);
    } finally {
      CALLING.set(outer);
    }
  }

  /** Whether the calling thread is in one of this dispatcher's calls. */
  boolean isCalling() {
    return CALLING.get() == this;
  }

  /** Makes a queue whose calls run one at a time, in order, on behalf of somebody. */
  Serial serial(Object owner, String where) {
    return new Serial(owner, where);
  }

  /** Whether the calling thread is in a call of one of this owner's queues. */
  boolean isCallingFor(Object owner) {
    return CALLING_FOR.get() == owner;
  }

  /** Lets what was given before run, and takes no more. */
  @Override
  public void close() {
    own.ifPresent(ThreadPoolExecutor::shutdown);
    fallback.close();
  }

  /** Calls to one listener, in order and one at a time. */
  final class Serial {
    private final Object owner;
    private final String where;
    private final ArrayDeque<Runnable> calls = new ArrayDeque<>();
    private boolean running;
    private boolean closed;

    private Serial(Object owner, String where) {
      this.owner = owner;
      this.where = where;
    }

    void execute(Runnable call) {
      synchronized (calls) {
        if (closed) {
          return;
        }
        calls.add(call);
        if (running) {
          return;
        }
        running = true;
      }
      Dispatcher.this.execute(where, this::drain);
    }

    private void drain() {
      CALLING_FOR.set(owner);
      try {
        for (Runnable call = next(); call != null; call = next()) {
          Dispatcher.this.call(where, call);
        }
      } finally {
        CALLING_FOR.remove();
      }
    }

    private @Nullable Runnable next() {
      synchronized (calls) {
        Runnable call = calls.poll();
        running = call != null;
        return call;
      }
    }

    /** Drops the calls that have not begun and takes no more. */
    void close() {
      synchronized (calls) {
        closed = true;
        calls.clear();
      }
    }
  }
}

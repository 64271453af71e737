package io.tenure.testkit;

import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where every call of one {@link FaultyBackend} passes: counted, then let through, tampered with,
 * or swallowed while the line is cut. Nothing is called and no stage is completed under its lock.
 */
final class Switchboard {
  private final Map<StoreCall, Long> counts = new EnumMap<>(StoreCall.class);
  private final Map<StoreCall, ArrayDeque<Fault>> next = new EnumMap<>(StoreCall.class);
  private final Map<StoreCall, Fault> each = new EnumMap<>(StoreCall.class);
  private final Set<Consumer<StoreException>> watches = new HashSet<>();
  private List<Consumer<StoreException>> swallowed = new ArrayList<>();
  private boolean cut;
  private long wakeUps;

  synchronized void next(StoreCall call, Fault fault) {
    next.computeIfAbsent(call, unused -> new ArrayDeque<>()).add(fault);
  }

  synchronized void each(StoreCall call, Fault fault) {
    each.put(call, fault);
  }

  synchronized void clear() {
    next.clear();
    each.clear();
  }

  /** How many scripted faults have not happened yet. */
  synchronized int pending(StoreCall call) {
    return next.getOrDefault(call, new ArrayDeque<>()).size();
  }

  synchronized long count(StoreCall call) {
    return counts.getOrDefault(call, 0L);
  }

  synchronized long wakeUps() {
    return wakeUps;
  }

  synchronized void countWakeUp() {
    wakeUps++;
  }

  synchronized int openWatches() {
    return watches.size();
  }

  synchronized void opened(Consumer<StoreException> watch) {
    watches.add(watch);
  }

  synchronized void closed(Consumer<StoreException> watch) {
    watches.remove(watch);
  }

  synchronized void cut() {
    cut = true;
  }

  synchronized boolean isCut() {
    return cut;
  }

  /**
   * Tells every caller whose call or answer was swallowed, and every watch, that nothing is known.
   */
  void heal() {
    List<Consumer<StoreException>> victims;
    synchronized (this) {
      if (!cut) {
        return;
      }
      cut = false;
      victims = swallowed;
      swallowed = new ArrayList<>();
    }
    fail(victims, "the connection was cut");
    disruptWatches();
  }

  void disruptWatches() {
    List<Consumer<StoreException>> victims;
    synchronized (this) {
      victims = List.copyOf(watches);
    }
    fail(victims, "the watch was disrupted");
  }

  private static void fail(List<Consumer<StoreException>> victims, String message) {
    victims.forEach(victim -> victim.accept(new StoreException(Outcome.UNKNOWN, message)));
  }

  <T extends @Nullable Object> CompletionStage<T> route(
      StoreCall call, Supplier<CompletionStage<T>> request) {
    CompletableFuture<T> heard = new CompletableFuture<>();
    Fault fault = begin(call);
    if (!swallow(heard::completeExceptionally)) {
      fault.apply(call, request).whenComplete((value, error) -> answer(heard, value, error));
    }
    return heard;
  }

  private <T extends @Nullable Object> void answer(
      CompletableFuture<T> heard, T value, @Nullable Throwable error) {
    if (swallow(heard::completeExceptionally)) {
      return;
    }
    if (error == null) {
      heard.complete(value);
    } else {
      heard.completeExceptionally(cause(error));
    }
  }

  private synchronized Fault begin(StoreCall call) {
    counts.merge(call, 1L, Long::sum);
    // While the line is cut the call is swallowed anyway: what is scripted waits for a better one.
    Fault scripted = cut ? null : next.getOrDefault(call, new ArrayDeque<>()).poll();
    return scripted != null ? scripted : each.getOrDefault(call, new Fault.None());
  }

  /** Keeps something from arriving if the line is cut. */
  synchronized boolean swallow(Consumer<StoreException> whenHealed) {
    if (cut) {
      swallowed.add(whenHealed);
    }
    return cut;
  }

  private static Throwable cause(Throwable error) {
    return error instanceof CompletionException && error.getCause() != null
        ? error.getCause()
        : error;
  }
}

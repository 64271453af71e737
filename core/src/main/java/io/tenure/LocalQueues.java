package io.tenure;

import io.tenure.spi.QueueName;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The order among callers of one client that want the same name: one of them at a time has an entry
 * in the store. Belongs to the lane, but for the count.
 */
final class LocalQueues {
  private final Map<QueueName, ArrayDeque<Runnable>> queues = new HashMap<>();
  private final AtomicInteger size = new AtomicInteger();

  /** How many places are taken in all queues, by those who wait and those whose turn it is. */
  int size() {
    return size.get();
  }

  boolean isBusy(QueueName queue) {
    return queues.containsKey(queue);
  }

  /** Takes a place; {@code turn} runs at once, or when everyone before has left. */
  void enter(QueueName queue, Runnable turn) {
    ArrayDeque<Runnable> places = queues.computeIfAbsent(queue, name -> new ArrayDeque<>());
    places.add(turn);
    size.incrementAndGet();
    if (places.size() == 1) {
      turn.run();
    }
  }

  /** Leaves the place that was taken with the same {@code turn}; does nothing the second time. */
  void leave(QueueName queue, Runnable turn) {
    ArrayDeque<Runnable> places = queues.get(queue);
    if (places == null) {
      return;
    }
    boolean wasFirst = places.peek() == turn;
    if (places.remove(turn)) {
      size.decrementAndGet();
    }
    if (places.isEmpty()) {
      queues.remove(queue);
    } else if (wasFirst) {
      places.element().run();
    }
  }
}

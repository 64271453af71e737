package io.tenure.testkit.sim;

import io.tenure.spi.Scheduler;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done when: a binary heap that a task leaves when it is called off. Most timers of a
 * schedule are time limits that are called off; they would make up nearly all of a plain queue.
 */
final class Due {
  private static final int GONE = -1;

  /** Something to be done. */
  final class Task implements Scheduler.Cancellable {
    final long atNanos;
    final @Nullable Replica owner;
    @Nullable Runnable work;
    private final long order;
    private int place = GONE;

    private Task(long atNanos, long order, @Nullable Replica owner, Runnable work) {
      this.atNanos = atNanos;
      this.order = order;
      this.owner = owner;
      this.work = work;
    }

    @Override
    public void cancel() {
      work = null;
      if (place != GONE) {
        remove(place);
      }
    }

    private boolean isBefore(Task other) {
      return atNanos != other.atNanos ? atNanos < other.atNanos : order < other.order;
    }
  }

  private Task[] heap = new Task[64];
  private int size;
  private long planned;

  /** When the first task is due; the end of time if there is none. */
  long firstNanos() {
    return size == 0 ? Long.MAX_VALUE : heap[0].atNanos;
  }

  /** Adds a task; of those of one moment the one that was added first comes first. */
  Task add(long atNanos, @Nullable Replica owner, Runnable work) {
    Task task = new Task(atNanos, planned++, owner, work);
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, 2 * size);
    }
    rise(size++, task);
    return task;
  }

  /** Takes the first task out. */
  @Nullable Task poll() {
    if (size == 0) {
      return null;
    }
    Task first = heap[0];
    remove(0);
    return first;
  }

  private void remove(int place) {
    heap[place].place = GONE;
    // It stays in the array behind the end, which is as short-lived as its schedule.
    Task last = heap[--size];
    if (place < size) {
      sink(place, last);
      if (last.place == place) {
        rise(place, last);
      }
    }
  }

  private void rise(int from, Task task) {
    int place = from;
    while (place > 0) {
      int parent = (place - 1) / 2;
      if (!task.isBefore(heap[parent])) {
        break;
      }
      put(place, heap[parent]);
      place = parent;
    }
    put(place, task);
  }

  private void sink(int from, Task task) {
    int place = from;
    for (int child = 2 * place + 1; child < size; child = 2 * place + 1) {
      if (child + 1 < size && heap[child + 1].isBefore(heap[child])) {
        child++;
      }
      if (!heap[child].isBefore(task)) {
        break;
      }
      put(place, heap[child]);
      place = child;
    }
    put(place, task);
  }

  private void put(int place, Task task) {
    heap[place] = task;
    task.place = place;
  }
}

package io.tenure.testkit.sim;

import io.tenure.spi.Scheduler;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done when: two binary heaps that a task leaves when it is called off. Most timers
 * of a schedule are time limits that are called off; they would make up nearly all of a plain
 * queue. And most of what happens is due in a moment: that heap is small.
 */
final class Due {
  private static final int GONE = -1;
  private static final long MOMENT_NANOS = 4_000_000;

  /** Something to be done. */
  static final class Task implements Scheduler.Cancellable {
    final long atNanos;
    final @Nullable Replica owner;
    @Nullable Runnable work;
    private final long order;
    private final Heap heap;
    private int place = GONE;

    private Task(long atNanos, long order, @Nullable Replica owner, Runnable work, Heap heap) {
      this.atNanos = atNanos;
      this.order = order;
      this.owner = owner;
      this.work = work;
      this.heap = heap;
    }

    @Override
    public void cancel() {
      work = null;
      if (place != GONE) {
        heap.remove(place);
      }
    }

    private boolean isBefore(Task other) {
      return atNanos != other.atNanos ? atNanos < other.atNanos : order < other.order;
    }
  }

  private final Heap soon = new Heap();
  private final Heap later = new Heap();
  private long planned;

  /** When the first task is due; the end of time if there is none. */
  long firstNanos() {
    return Math.min(soon.firstNanos(), later.firstNanos());
  }

  /** Adds a task; of those of one moment the one that was added first comes first. */
  Task add(long nowNanos, long atNanos, @Nullable Replica owner, Runnable work) {
    Heap heap = atNanos - nowNanos < MOMENT_NANOS ? soon : later;
    Task task = new Task(atNanos, planned++, owner, work, heap);
    heap.add(task);
    return task;
  }

  /** Takes the first task out. */
  @Nullable Task poll() {
    if (soon.size == 0) {
      return later.poll();
    }
    return later.size > 0 && later.tasks[0].isBefore(soon.tasks[0]) ? later.poll() : soon.poll();
  }

  /** What a process has planned. */
  List<Runnable> planned(Replica owner) {
    List<Runnable> all = new ArrayList<>();
    soon.collect(owner, all);
    later.collect(owner, all);
    return all;
  }

  /** A binary heap whose tasks know their places. */
  private static final class Heap {
    private Task[] tasks = new Task[64];
    private int size;

    long firstNanos() {
      return size == 0 ? Long.MAX_VALUE : tasks[0].atNanos;
    }

    void add(Task task) {
      if (size == tasks.length) {
        tasks = Arrays.copyOf(tasks, 2 * size);
      }
      rise(size++, task);
    }

    @Nullable Task poll() {
      if (size == 0) {
        return null;
      }
      Task first = tasks[0];
      remove(0);
      return first;
    }

    void remove(int place) {
      tasks[place].place = GONE;
      // It stays in the array behind the end, which is as short-lived as its schedule.
      Task last = tasks[--size];
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
        if (!task.isBefore(tasks[parent])) {
          break;
        }
        put(place, tasks[parent]);
        place = parent;
      }
      put(place, task);
    }

    private void sink(int from, Task task) {
      int place = from;
      for (int child = 2 * place + 1; child < size; child = 2 * place + 1) {
        if (child + 1 < size && tasks[child + 1].isBefore(tasks[child])) {
          child++;
        }
        if (!tasks[child].isBefore(task)) {
          break;
        }
        put(place, tasks[child]);
        place = child;
      }
      put(place, task);
    }

    private void put(int place, Task task) {
      tasks[place] = task;
      task.place = place;
    }

    void collect(Replica owner, List<Runnable> all) {
      for (int i = 0; i < size; i++) {
        Runnable work = tasks[i].work;
        if (tasks[i].owner == owner && work != null) {
          all.add(work);
        }
      }
    }
  }
}

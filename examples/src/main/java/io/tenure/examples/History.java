package io.tenure.examples;

import io.tenure.examples.Report.What;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Everything that happened in a drill, in the order in which the drill heard or did it. */
final class History {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition grown = lock.newCondition();
  private final List<Moment> moments = new ArrayList<>();
  private final Consumer<Moment> reader;

  /**
   * Begins a history.
   *
   * @param reader told of each moment, one at a time, in order
   */
  History(Consumer<Moment> reader) {
    this.reader = reader;
  }

  Moment add(String replica, Report report) {
    lock.lock();
    try {
      Moment moment = new Moment(System.nanoTime(), replica, report);
      moments.add(moment);
      reader.accept(moment);
      grown.signalAll();
      return moment;
    } finally {
      lock.unlock();
    }
  }

  List<Moment> moments() {
    lock.lock();
    try {
      return List.copyOf(moments);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for something that has happened since a moment, or will.
   *
   * @param what the end of the sentence "the drill waited 20 s for", if it does not happen
   * @throws DrillFailure if it does not happen in time, or a replica dies that should live
   */
  Moment await(String what, Duration bound, Moment since, Predicate<Moment> wanted)
      throws InterruptedException {
    long deadline = System.nanoTime() + bound.toNanos();
    lock.lock();
    try {
      while (true) {
        Optional<Moment> found = after(since).stream().filter(wanted).findFirst();
        if (found.isPresent()) {
          return found.get();
        }
        refuseDeaths();
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          throw new DrillFailure("waited " + bound.toSeconds() + " s in vain for " + what);
        }
        grown.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private List<Moment> after(Moment since) {
    return moments.subList(moments.indexOf(since) + 1, moments.size());
  }

  private void refuseDeaths() {
    Optional<Moment> death = moments.stream().filter(moment -> moment.is(What.DIED)).findFirst();
    if (death.isPresent()) {
      throw new DrillFailure(
          death.get().replica()
              + " ended by itself, with exit code "
              + death.get().report().detail());
    }
  }
}

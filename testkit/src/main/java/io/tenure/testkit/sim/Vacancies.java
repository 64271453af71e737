package io.tenure.testkit.sim;

import io.tenure.spi.QueueName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How long each queue had no holder between one and the next. */
final class Vacancies {
  /** One time without a holder, and the lease that had ended before. */
  record Vacancy(EntryKey before, long nanos) {}

  private record End(EntryKey key, long atNanos) {}

  private final Map<QueueName, End> ends = new HashMap<>();
  private final List<Vacancy> vacancies = new ArrayList<>();

  void ended(EntryKey key, long atNanos) {
    ends.put(key.queue(), new End(key, atNanos));
  }

  void granted(EntryKey key, long atNanos) {
    End end = ends.remove(key.queue());
    if (end != null) {
      vacancies.add(new Vacancy(end.key(), atNanos - end.atNanos()));
    }
  }

  /** Those that are over, in order. */
  List<Vacancy> all() {
    return List.copyOf(vacancies);
  }
}

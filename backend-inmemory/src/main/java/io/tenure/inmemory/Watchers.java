package io.tenure.inmemory;

import io.tenure.spi.Detail;
import io.tenure.spi.QueueName;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who watches which queue. Guarded by the store's lock. */
final class Watchers {
  private final Map<QueueName, Set<MemoryWatch>> byQueue = new HashMap<>();

  void add(MemoryWatch watch) {
    byQueue.computeIfAbsent(watch.queue(), queue -> new LinkedHashSet<>()).add(watch);
  }

  void remove(MemoryWatch watch) {
    Optional.ofNullable(byQueue.get(watch.queue()))
        .ifPresent(
            watches -> {
              watches.remove(watch);
              if (watches.isEmpty()) {
                byQueue.remove(watch.queue());
              }
            });
  }

  List<MemoryWatch> all() {
    return byQueue.values().stream().flatMap(Set::stream).toList();
  }

  void entriesChanged(QueueName queue, Model model) {
    of(queue).forEach(watch -> watch.changed(model));
  }

  void payloadChanged(QueueName queue, Model model) {
    of(queue).stream()
        .filter(watch -> watch.detail() == Detail.PAYLOADS)
        .forEach(watch -> watch.changed(model));
  }

  private Set<MemoryWatch> of(QueueName queue) {
    return byQueue.getOrDefault(queue, Set.of());
  }
}

package io.tenure.inmemory;

import io.tenure.spi.Detail;
import io.tenure.spi.Entry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One queue's content. Guarded by the store's lock. */
final class MemoryQueue {
  private final TreeMap<Long, MemoryEntry> byOrder = new TreeMap<>();
  private final Map<String, MemoryEntry> byId = new HashMap<>();
  private final Map<String, byte[]> foreign = new HashMap<>();

  void add(MemoryEntry entry) {
    byOrder.put(entry.revision(), entry);
    byId.put(entry.id(), entry);
  }

  void remove(MemoryEntry entry) {
    byOrder.remove(entry.revision());
    byId.remove(entry.id());
  }

  /** Keeps what is not an entry, where no view shows it. */
  void addForeign(String name, byte[] content) {
    foreign.put(name, content.clone());
  }

  Optional<MemoryEntry> find(String entryId) {
    return Optional.ofNullable(byId.get(entryId));
  }

  List<Entry> ahead(MemoryEntry entry) {
    return byOrder.headMap(entry.revision()).values().stream()
        .map(other -> other.show(Detail.NAMES))
        .toList();
  }

  List<Entry> entries(Detail detail) {
    return byOrder.values().stream().map(entry -> entry.show(detail)).toList();
  }

  boolean isEmpty() {
    return byOrder.isEmpty() && foreign.isEmpty();
  }
}

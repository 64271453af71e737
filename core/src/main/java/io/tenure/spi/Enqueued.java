package io.tenure.spi;

import java.util.List;

/**
 * The answer to an enqueue: one's own entry, seen in the store, and everyone ahead of it.
 *
 * @param self one's own entry, with its revision; its session was checked
 * @param ahead every entry that is ahead of {@code self}, in order; complete, since nobody can come
 *     in ahead later
 * @param version the store's version of this view, from which a watch misses nothing
 */
public record Enqueued(Entry self, List<Entry> ahead, long version) {
  /** Copies the list. */
  public Enqueued {
    ahead = List.copyOf(ahead);
  }
}

package io.tenure.spi;

import java.util.List;

/**
 * A queue as it was at one version of the store.
 *
 * @param entries every entry, in order; what a stranger put there is left out
 * @param version the store's version of this view
 */
public record QueueView(List<Entry> entries, long version) {
  /** Copies the list. */
  public QueueView {
    entries = List.copyOf(entries);
  }
}

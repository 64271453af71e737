package io.tenure.inmemory;

import io.tenure.spi.Detail;
import io.tenure.spi.Entry;
import io.tenure.spi.EntrySpec;
import io.tenure.spi.QueueName;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** An entry as it lies in the store. Guarded by the store's lock. */
final class MemoryEntry {
  private final QueueName queue;
  private final EntrySpec spec;
  private final long revision;
  private final SessionState session;
  private final Set<MemoryWait> waits = new LinkedHashSet<>();
  private byte[] payload;

  MemoryEntry(QueueName queue, EntrySpec spec, long revision, SessionState session) {
    this.queue = queue;
    this.spec = spec;
    this.revision = revision;
    this.session = session;
    this.payload = spec.payload();
  }

  QueueName queue() {
    return queue;
  }

  String id() {
    return spec.id();
  }

  /** Returns the revision of its creation, which is its place and its owner's token. */
  long revision() {
    return revision;
  }

  SessionState session() {
    return session;
  }

  /** Returns who waits for its departure. */
  Set<MemoryWait> waits() {
    return waits;
  }

  void payload(byte[] newPayload) {
    payload = newPayload.clone();
  }

  /** Returns what a view of this detail shows, and nothing that some store would not show in it. */
  Entry show(Detail detail) {
    boolean full = detail == Detail.PAYLOADS;
    return new Entry(
        queue,
        spec.id(),
        spec.kind(),
        revision,
        full ? OptionalLong.of(revision) : OptionalLong.empty(),
        spec.toString(),
        full ? Optional.of(payload.clone()) : Optional.empty());
  }
}

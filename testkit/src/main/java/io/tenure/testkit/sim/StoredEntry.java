package io.tenure.testkit.sim;

import io.tenure.spi.Detail;
import io.tenure.spi.Entry;
import io.tenure.spi.EntrySpec;
import io.tenure.spi.QueueName;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** An entry as the simulated store keeps it. */
final class StoredEntry {
  private final QueueName queue;
  private final EntrySpec spec;
  private final long order;
  private final long revision;
  private final StoredSession session;
  private final String locator;
  private final Set<SimulatedWait> waits = new LinkedHashSet<>();
  private byte[] payload;
  private boolean first;

  StoredEntry(QueueName queue, EntrySpec spec, long order, long revision, StoredSession session) {
    this.queue = queue;
    this.spec = spec;
    this.order = order;
    this.revision = revision;
    this.session = session;
    this.locator = queue.path() + "/" + spec.id();
    this.payload = spec.payload();
  }

  QueueName queue() {
    return queue;
  }

  String id() {
    return spec.id();
  }

  long order() {
    return order;
  }

  long revision() {
    return revision;
  }

  StoredSession session() {
    return session;
  }

  Set<SimulatedWait> waits() {
    return waits;
  }

  /** Whether it is the first one of its queue now; asked after each step. */
  boolean isFirst() {
    return first;
  }

  void first(boolean now) {
    first = now;
  }

  void payload(byte[] newPayload) {
    payload = newPayload.clone();
  }

  Entry show(Detail detail) {
    boolean full = detail == Detail.PAYLOADS;
    return new Entry(
        queue,
        spec.id(),
        spec.kind(),
        order,
        full ? OptionalLong.of(revision) : OptionalLong.empty(),
        locator,
        full ? Optional.of(payload) : Optional.empty());
  }
}

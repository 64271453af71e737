package io.tenure.zookeeper;

import io.tenure.spi.QueueName;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What one session has, or may have, in the store: what was sent is on the list until it is
 * certainly not there. Thread-safe.
 */
final class Belongings {
  /**
   * How long the paths of a session's nodes may be altogether. The server writes them all into one
   * transaction when the session ends, and one of more than 2 MiB it can write but not read again:
   * with 30,000 nodes it never started again (ZOOKEEPER-4306).
   */
  static final int MAX_PATH_BYTES = 512 * 1024;

  private final Map<String, Sent> entries = new HashMap<>();
  private final Map<String, String> cellsByMarker = new HashMap<>();
  private long pathBytes;
  private boolean closed;

  /** An entry that was sent; the path of its node is known when the server has answered. */
  private record Sent(QueueName queue, int pathLength, Optional<String> node) {}

  /** Refuses everything that is not yet sent, so that the list is complete from now on. */
  synchronized void close() {
    closed = true;
  }

  /**
   * Sends something that is on the list.
   *
   * @param send sends without waiting
   * @throws StoreException if the session was closed: nobody would remove it
   */
  synchronized <T> T unlessClosed(Supplier<T> send) {
    if (closed) {
      throw new StoreException(Outcome.SESSION_GONE, "the session was closed");
    }
    return send.get();
  }

  /**
   * Puts an entry on the list.
   *
   * @return false if it was there before, so that it may be in the store already
   * @throws StoreException if the session has too much already
   */
  synchronized boolean sending(String entryId, QueueName queue, int pathLength) {
    if (entries.containsKey(entryId)) {
      return false;
    }
    take(pathLength);
    entries.put(entryId, new Sent(queue, pathLength, Optional.empty()));
    return true;
  }

  synchronized void created(String entryId, String node) {
    entries.computeIfPresent(
        entryId, (id, sent) -> new Sent(sent.queue(), sent.pathLength(), Optional.of(node)));
  }

  /** The path of an entry's node, if the server has told it. */
  synchronized Optional<String> node(String entryId) {
    return Optional.ofNullable(entries.get(entryId)).flatMap(Sent::node);
  }

  synchronized void gone(String entryId) {
    Sent sent = entries.remove(entryId);
    if (sent != null) {
      pathBytes -= sent.pathLength();
    }
  }

  /** Every entry's queue, by the entry's id. */
  synchronized Map<String, QueueName> entries() {
    Map<String, QueueName> queues = new HashMap<>();
    entries.forEach((id, sent) -> queues.put(id, sent.queue()));
    return queues;
  }

  /**
   * Puts an ephemeral cell on the list, under the path of the marker of this incarnation.
   *
   * @throws StoreException if the session has too much already
   */
  synchronized void sendingCell(String marker, String cell) {
    take(marker.length() + cell.length());
    cellsByMarker.put(marker, cell);
  }

  synchronized void cellGone(String marker) {
    String cell = cellsByMarker.remove(marker);
    if (cell != null) {
      pathBytes -= marker.length() + cell.length();
    }
  }

  synchronized Map<String, String> cellsByMarker() {
    return Map.copyOf(cellsByMarker);
  }

  private void take(int pathLength) {
    if (pathBytes + pathLength > MAX_PATH_BYTES) {
      throw new StoreException(
          Outcome.REFUSED,
          "the paths of one session's nodes may have "
              + MAX_PATH_BYTES
              + " bytes altogether, since a ZooKeeper server that ends a session with many more"
              + " cannot start again");
    }
    pathBytes += pathLength;
  }
}

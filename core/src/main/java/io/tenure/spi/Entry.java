package io.tenure.spi;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * An entry as it stands in a queue.
 *
 * @param queue the queue
 * @param id the contender's unique name for it
 * @param kind what it asks for
 * @param order its place: of two entries of one view, the one with the smaller order is ahead
 * @param revision the store's revision of its creation, where the view shows it; always present for
 *     one's own entry
 * @param locator how the backend finds it again; opaque to everyone else
 * @param payload what its owner wrote, where the view shows it
 */
public record Entry(
    QueueName queue,
    String id,
    String kind,
    long order,
    OptionalLong revision,
    String locator,
    Optional<byte[]> payload) {

  @Override
  public String toString() {
    return queue + "/" + kind + "." + id + "@" + order;
  }
}

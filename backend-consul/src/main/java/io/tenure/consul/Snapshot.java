package io.tenure.consul;

import java.util.Arrays;
import java.util.List;

/**
 * What stood in a place at one moment.
 *
 * @param pairs the keys; nothing but the names if nothing else was asked for
 * @param index the store's index of what was read
 */
record Snapshot(List<Pair> pairs, long index) {

  /**
   * Reads an answer.
   *
   * @throws io.tenure.spi.StoreException if it is not the answer to a query
   */
  static Snapshot of(Place place, String what, Reply reply) {
    boolean isEmpty = reply.status() == 404;
    if ((!reply.isOk() && !isEmpty) || reply.index().isEmpty()) {
      throw Codes.refused(Codes.Request.READ, what, reply);
    }
    // Below 1 it would make every query return at once.
    long index = Math.max(1, reply.index().getAsLong());
    if (isEmpty) {
      return new Snapshot(List.of(), index);
    }
    List<Pair> pairs =
        place.scope() == Place.Scope.NAMES
            ? Arrays.stream(Json.read(reply.body(), String[].class))
                .map(name -> new Pair(name, null, null, 0, 0))
                .toList()
            : List.of(Json.read(reply.body(), Pair[].class));
    return new Snapshot(pairs, index);
  }
}

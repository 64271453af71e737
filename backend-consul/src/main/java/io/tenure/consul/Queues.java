package io.tenure.consul;

import io.tenure.consul.Keys.EntryName;
import io.tenure.spi.Detail;
import io.tenure.spi.Entry;
import io.tenure.spi.QueueName;
import io.tenure.spi.QueueView;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * Reads queues.
 *
 * <p>An entry is a key with an entry's name that a session holds. Without a session it would stand
 * for ever and block everybody, so it is a stranger's whatever its name. Its order is the raft
 * index of its creation: the store gives each index to one write.
 */
final class Queues {
  private final Agent agent;
  private final Keys keys;

  Queues(Agent agent, Keys keys) {
    this.agent = agent;
    this.keys = keys;
  }

  CompletableFuture<QueueView> read(QueueName queue, Detail detail) {
    Place place = new Place(keys.queue(queue), Place.Scope.TREE);
    return agent
        .read("read " + queue, place)
        .thenApply(now -> view(queue, place.path(), now, detail));
  }

  static QueueView view(QueueName queue, String prefix, Snapshot now, Detail detail) {
    return new QueueView(entries(queue, prefix, now.pairs(), detail), now.index());
  }

  /** The entries among the keys of a queue, in order. */
  static List<Entry> entries(QueueName queue, String prefix, List<Pair> pairs, Detail detail) {
    return pairs.stream()
        .filter(pair -> isEntry(pair, prefix))
        .map(pair -> entry(queue, prefix, pair, detail))
        .sorted(Comparator.comparingLong(Entry::order))
        .toList();
  }

  static boolean isEntry(Pair pair, String prefix) {
    return pair.holder().isPresent() && Keys.entryName(pair.key(), prefix).isPresent();
  }

  private static Entry entry(QueueName queue, String prefix, Pair pair, Detail detail) {
    EntryName name = Keys.entryName(pair.key(), prefix).orElseThrow();
    return new Entry(
        queue,
        name.id(),
        name.kind(),
        pair.createIndex(),
        OptionalLong.of(pair.createIndex()),
        pair.key(),
        detail == Detail.PAYLOADS ? Optional.of(pair.bytes()) : Optional.empty());
  }
}

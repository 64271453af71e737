package io.tenure.etcd;

import io.etcd.jetcd.api.KeyValue;
import io.tenure.spi.Detail;
import io.tenure.spi.Entry;
import io.tenure.spi.QueueName;
import io.tenure.spi.QueueView;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** Reads queues: which keys are entries, and who is ahead of whom. */
final class Queues {
  private final Requests requests;
  private final Keys keys;

  Queues(Requests requests, Keys keys) {
    this.requests = requests;
    this.keys = keys;
  }

  CompletableFuture<QueueView> read(QueueName queue, Detail detail) {
    return requests
        .range("read " + queue, Protocol.all(keys.queue(queue), detail == Detail.NAMES))
        .thenApply(
            answer ->
                new QueueView(
                    inOrder(entries(keys, queue, answer.getKvsList(), detail)),
                    answer.getHeader().getRevision()));
  }

  /** The entries among a queue's keys. */
  static Stream<Entry> entries(Keys keys, QueueName queue, List<KeyValue> all, Detail detail) {
    return all.stream().flatMap(kv -> entry(keys, queue, kv, detail).stream());
  }

  static List<Entry> inOrder(Stream<Entry> entries) {
    return entries.sorted(Comparator.comparingLong(Entry::order)).toList();
  }

  private static Optional<Entry> entry(Keys keys, QueueName queue, KeyValue kv, Detail detail) {
    return keys.entryName(queue, kv.getKey())
        .map(
            name ->
                new Entry(
                    queue,
                    name.id(),
                    name.kind(),
                    kv.getCreateRevision(),
                    OptionalLong.of(kv.getCreateRevision()),
                    Keys.locator(queue, name),
                    detail == Detail.NAMES
                        ? Optional.empty()
                        : Optional.of(kv.getValue().toByteArray())));
  }
}

package io.tenure.zookeeper;

import io.tenure.spi.Detail;
import io.tenure.spi.Entry;
import io.tenure.spi.QueueName;
import io.tenure.spi.QueueView;
import io.tenure.zookeeper.Handle.Children;
import io.tenure.zookeeper.Handle.Content;
import io.tenure.zookeeper.Paths.EntryName;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.zookeeper.data.Stat;

/** Reads queues, and tells who is ahead of whom. */
final class Queues {
  private final Paths paths;

  Queues(Paths paths) {
    this.paths = paths;
  }

  /**
   * Lists a queue's children linearizably: the server we are connected to first catches up with the
   * leader. Both requests go out in one flight.
   *
   * @return the children, or empty if the queue does not exist
   */
  static CompletableFuture<Optional<Children>> list(Handle handle, String queuePath) {
    CompletableFuture<?> caughtUp = handle.sync(queuePath);
    return Codes.unlessMissing(handle.children(queuePath, null))
        .thenCombine(caughtUp, (listed, done) -> listed);
  }

  CompletableFuture<QueueView> read(Handle handle, QueueName queue, Detail detail) {
    return list(handle, paths.queue(queue))
        .thenCompose(
            listed ->
                listed.isPresent()
                    ? view(handle, queue, detail, listed.get())
                    : CompletableFuture.completedFuture(empty()));
  }

  private CompletableFuture<QueueView> view(
      Handle handle, QueueName queue, Detail detail, Children listed) {
    Place place = new Place(handle, queue, paths.queue(queue));
    List<EntryName> names = Paths.entryNames(listed.names());
    long version = listed.stat().getPzxid();
    return detail == Detail.NAMES
        ? place.names(names).thenApply(entries -> view(entries, version))
        : place
            .payloads(names, node -> Codes.unlessMissing(handle.data(node, null)))
            .thenApply(entries -> view(entries, version));
  }

  static QueueView empty() {
    return new QueueView(List.of(), 0);
  }

  /** The view of entries that came in any order. */
  static QueueView view(List<Entry> entries, long version) {
    return new QueueView(
        entries.stream().sorted(Comparator.comparingLong(Entry::order)).toList(), version);
  }

  /**
   * One queue, whose nodes become entries.
   *
   * <p>An entry's order is its sequence as long as those of a view are in order, and its {@code
   * czxid} when they are not; see {@link EntryName#isInOrder()}.
   */
  record Place(Handle handle, QueueName queue, String path) {
    String node(EntryName name) {
      return path + "/" + name.node();
    }

    /** Names alone, which takes no further request in the ordinary case. */
    CompletableFuture<List<Entry>> names(List<EntryName> names) {
      if (names.stream().allMatch(EntryName::isInOrder)) {
        return CompletableFuture.completedFuture(
            names.stream()
                .map(name -> entry(name, name.sequence(), OptionalLong.empty(), Optional.empty()))
                .toList());
      }
      return present(
          names,
          node -> Codes.unlessMissing(handle.stat(node, null)),
          (name, stat) ->
              entry(name, stat.getCzxid(), OptionalLong.of(stat.getCzxid()), Optional.empty()));
    }

    /** Names and what the nodes hold; those that have vanished meanwhile are left out. */
    CompletableFuture<List<Entry>> payloads(
        List<EntryName> names, Function<String, CompletableFuture<Optional<Content>>> read) {
      boolean inOrder = names.stream().allMatch(EntryName::isInOrder);
      return present(
          names, read, (name, content) -> known(name, inOrder, content.stat(), content.data()));
    }

    /** An entry of which everything is known. */
    Entry known(EntryName name, boolean inOrder, Stat stat, byte[] payload) {
      return entry(
          name,
          inOrder ? name.sequence() : stat.getCzxid(),
          OptionalLong.of(stat.getCzxid()),
          Optional.of(payload));
    }

    private <T> CompletableFuture<List<Entry>> present(
        List<EntryName> names,
        Function<String, CompletableFuture<Optional<T>>> read,
        BiFunction<EntryName, T, Entry> toEntry) {
      return Futures.all(
              names.stream()
                  .map(
                      name ->
                          read.apply(node(name))
                              .thenApply(found -> found.map(it -> toEntry.apply(name, it))))
                  .toList())
          .thenApply(entries -> entries.stream().flatMap(Optional::stream).toList());
    }

    private Entry entry(
        EntryName name, long order, OptionalLong revision, Optional<byte[]> payload) {
      return new Entry(queue, name.id(), name.kind(), order, revision, node(name), payload);
    }
  }
}

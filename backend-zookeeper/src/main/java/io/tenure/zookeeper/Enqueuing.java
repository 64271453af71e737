package io.tenure.zookeeper;

import io.tenure.spi.Enqueued;
import io.tenure.spi.Entry;
import io.tenure.spi.EntrySpec;
import io.tenure.spi.QueueName;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import io.tenure.zookeeper.Codes.Request;
import io.tenure.zookeeper.Handle.Children;
import io.tenure.zookeeper.Paths.EntryName;
import io.tenure.zookeeper.Queues.Place;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the entries of one session into queues, and takes out those whose answer was lost.
 *
 * <p>The node and the list of who is ahead are asked for in one flight. The server answers a
 * session in the order of its requests, so the list shows the node, and everyone who was ahead of
 * it then.
 */
final class Enqueuing {
  private static final Logger log = LoggerFactory.getLogger(Enqueuing.class);

  /** How often a queue may be deleted between our making it and our using it. */
  private static final int ATTEMPTS = 3;

  private static final int SEQUENCE_LENGTH = 10;

  private final Handle handle;
  private final Paths paths;
  private final Parents parents;
  private final Function<String, List<ACL>> acls;
  private final Belongings belongings;

  Enqueuing(
      Handle handle,
      Paths paths,
      Parents parents,
      Function<String, List<ACL>> acls,
      Belongings belongings) {
    this.handle = handle;
    this.paths = paths;
    this.parents = parents;
    this.acls = acls;
    this.belongings = belongings;
  }

  CompletableFuture<Enqueued> enqueue(QueueName queue, EntrySpec spec) {
    int pathLength = Paths.entryPrefix(paths.queue(queue), spec).length() + SEQUENCE_LENGTH;
    return belongings.sending(spec.id(), queue, pathLength)
        ? create(queue, spec, 1)
        : find(queue, spec);
  }

  private CompletableFuture<Enqueued> create(QueueName queue, EntrySpec spec, int attempt) {
    String path = paths.queue(queue);
    String prefix = Paths.entryPrefix(path, spec);
    List<ACL> acl = acls.apply(prefix);
    CompletableFuture<Optional<Throwable>> parent = parents.ensure(handle, path);
    CompletableFuture<Handle.Created> created =
        belongings.unlessClosed(
            () -> handle.create(prefix, spec.payload(), acl, CreateMode.EPHEMERAL_SEQUENTIAL));
    CompletableFuture<Children> listed = handle.children(path, null);
    return created
        .handle(
            (node, error) -> {
              if (error == null) {
                belongings.created(spec.id(), node.path());
                return listed
                    .thenCompose(all -> enqueued(queue, spec, node.path(), node.stat(), all))
                    .exceptionally(
                        unlisted -> {
                          throw undecided(spec, unlisted);
                        });
              }
              if (Codes.is(error, Code.NONODE)) {
                parents.forget(path);
                return parent.thenCompose(refusal -> withoutParent(queue, spec, attempt, refusal));
              }
              return CompletableFuture.<Enqueued>failedFuture(error);
            })
        .thenCompose(answer -> answer)
        .exceptionally(
            error -> {
              throw failure(spec, error);
            });
  }

  private CompletableFuture<Enqueued> withoutParent(
      QueueName queue, EntrySpec spec, int attempt, Optional<Throwable> refusal) {
    if (refusal.isPresent()) {
      throw Codes.is(refusal.get(), Code.NONODE)
          ? new StoreException(
              Outcome.REFUSED, "the chroot of the connect string does not exist", refusal.get())
          : Codes.explain(Request.READ, "create the queue " + queue, refusal.get());
    }
    if (attempt == ATTEMPTS) {
      throw new StoreException(
          Outcome.NOT_DONE, "the queue " + queue + " is deleted as often as it is made");
    }
    return create(queue, spec, attempt + 1);
  }

  private StoreException failure(EntrySpec spec, Throwable error) {
    StoreException known = Codes.explain(Request.ENTRY, "enqueue " + spec, error);
    if (known.outcome() == Outcome.REFUSED || known.outcome() == Outcome.NOT_DONE) {
      belongings.gone(spec.id());
    }
    return known;
  }

  /**
   * Looks whether an entry that was sent before is there, and sends it again only if it certainly
   * is not. The look is definite: on the same connection it comes behind the lost request, and what
   * an earlier connection still has on its way is dropped by the server that closes it, or refused
   * by the leader, for which the session has moved.
   */
  private CompletableFuture<Enqueued> find(QueueName queue, EntrySpec spec) {
    String path = paths.queue(queue);
    return Queues.list(handle, path)
        .thenCompose(listed -> adopt(queue, spec, listed))
        .exceptionally(
            error -> {
              throw undecided(spec, error);
            })
        .thenCompose(
            found ->
                found.isPresent()
                    ? CompletableFuture.completedFuture(found.get())
                    : create(queue, spec, 1));
  }

  private CompletableFuture<Optional<Enqueued>> adopt(
      QueueName queue, EntrySpec spec, Optional<Children> listed) {
    Optional<EntryName> own = listed.flatMap(all -> first(named(all, spec.id())));
    if (own.isEmpty()) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    String node = paths.queue(queue) + "/" + own.get().node();
    return Codes.unlessMissing(handle.stat(node, null))
        .thenCompose(
            stat -> {
              if (stat.isEmpty()) {
                return CompletableFuture.completedFuture(Optional.empty());
              }
              belongings.created(spec.id(), node);
              return enqueued(queue, spec, node, stat.get(), listed.get()).thenApply(Optional::of);
            });
  }

  /** The entry may be there: not being shown it, for whatever reason, decides nothing. */
  private static StoreException undecided(EntrySpec spec, Throwable error) {
    StoreException known = Codes.explain(Request.ENTRY, "see the entry " + spec, error);
    return known.outcome() == Outcome.SESSION_GONE
        ? known
        : new StoreException(Outcome.UNKNOWN, "nobody knows whether " + spec + " is there", error);
  }

  private CompletableFuture<Enqueued> enqueued(
      QueueName queue, EntrySpec spec, String node, Stat stat, Children listed) {
    if (stat.getEphemeralOwner() != handle.sessionId()) {
      throw new StoreException(
          Outcome.UNKNOWN, "the entry " + spec + " is bound to another session than " + handle);
    }
    Place place = new Place(handle, queue, paths.queue(queue));
    List<EntryName> names = new ArrayList<>(Paths.entryNames(listed.names()));
    EntryName own = Paths.entryName(Paths.nodeOf(node)).orElseThrow();
    if (!names.contains(own)) {
      // Somebody has deleted it just now; what comes next finds that out.
      names.add(own);
    }
    return place
        .names(names)
        .thenApply(
            entries -> {
              boolean inOrder = names.stream().allMatch(EntryName::isInOrder);
              Entry self = place.known(own, inOrder, stat, spec.payload());
              removeGhosts(self, entries);
              List<Entry> ahead =
                  entries.stream()
                      .filter(other -> !other.id().equals(self.id()))
                      .filter(other -> other.order() < self.order())
                      .sorted(Comparator.comparingLong(Entry::order))
                      .toList();
              return new Enqueued(self, ahead, listed.stat().getPzxid());
            });
  }

  /** Whatever made a second node of ours, we must not come to wait for ourselves. */
  private void removeGhosts(Entry self, List<Entry> entries) {
    for (Entry entry : entries) {
      if (entry.id().equals(self.id()) && !entry.locator().equals(self.locator())) {
        handle
            .delete(entry.locator(), -1)
            .whenComplete(
                (done, error) ->
                    log.warn(
                        "{} has a second node {}, {}",
                        self,
                        entry.locator(),
                        error == null
                            ? "which was removed"
                            : "which could not be removed: " + error));
      }
    }
  }

  CompletableFuture<Boolean> remove(Entry own) {
    return delete(own.locator())
        .whenComplete(
            (removed, error) -> {
              if (error == null) {
                belongings.gone(own.id());
              }
            });
  }

  CompletableFuture<Boolean> withdraw(QueueName queue, String entryId) {
    return nodes(queue, entryId)
        .thenCompose(
            nodes -> {
              CompletableFuture<Boolean> removed = CompletableFuture.completedFuture(false);
              for (String node : nodes) {
                removed = removed.thenCombine(delete(node), Boolean::logicalOr);
              }
              return removed;
            })
        .whenComplete(
            (removed, error) -> {
              if (error == null) {
                belongings.gone(entryId);
              }
            })
        .exceptionally(
            error -> {
              throw Codes.explain(Request.ENTRY, "withdraw the entry " + entryId, error);
            });
  }

  private CompletableFuture<List<String>> nodes(QueueName queue, String entryId) {
    Optional<String> answered = belongings.node(entryId);
    if (answered.isPresent()) {
      return CompletableFuture.completedFuture(List.of(answered.get()));
    }
    String path = paths.queue(queue);
    return Queues.list(handle, path)
        .thenApply(listed -> listed.map(all -> named(all, entryId)).orElse(List.of()))
        .thenApply(names -> names.stream().map(name -> path + "/" + name.node()).toList());
  }

  private CompletableFuture<Boolean> delete(String path) {
    return handle
        .delete(path, -1)
        .handle(
            (done, error) -> {
              if (error != null && !Codes.is(error, Code.NONODE)) {
                throw Codes.explain(Request.ENTRY, "remove " + path, error);
              }
              return error == null;
            });
  }

  private static List<EntryName> named(Children listed, String id) {
    return Paths.entryNames(listed.names()).stream().filter(name -> name.id().equals(id)).toList();
  }

  private static Optional<EntryName> first(List<EntryName> names) {
    return names.stream().min(Comparator.comparingInt(EntryName::sequence));
  }
}

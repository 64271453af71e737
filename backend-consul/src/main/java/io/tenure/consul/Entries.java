package io.tenure.consul;

import io.tenure.consul.Keys.EntryName;
import io.tenure.consul.StoreAge.Mark;
import io.tenure.consul.Transaction.Result;
import io.tenure.spi.Detail;
import io.tenure.spi.Enqueued;
import io.tenure.spi.Entry;
import io.tenure.spi.EntrySpec;
import io.tenure.spi.QueueName;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/*
 * A request that was given up may still reach the leader much later: an agent holds it while there is
 * no leader, and a paused one has it in its buffer. An enqueue that is applied after its entry was
 * removed would make a ghost, which blocks everyone for as long as our session lives.
 *
 * So a removal that may have an enqueue behind it also writes that the entry is withdrawn, and an
 * enqueue creates its entry only if nobody has written that. Both are transactions, one of them is
 * first, and either way no entry is left. The session holds the mark, so it goes with the session,
 * and so does everything that could need it.
 */

/** The entries of one session. */
final class Entries {
  private static final byte[] NOTHING = {};

  private final Agent agent;
  private final Keys keys;
  private final StoreAge age;
  private final String session;

  /** How many enqueues of an entry were sent and not answered. */
  private final Map<String, Integer> unanswered = new ConcurrentHashMap<>();

  Entries(Agent agent, Keys keys, StoreAge age, String session) {
    this.agent = agent;
    this.keys = keys;
    this.age = age;
    this.session = session;
  }

  CompletableFuture<Enqueued> enqueue(QueueName queue, EntrySpec spec) {
    Mark sentAt = age.mark();
    unanswered.merge(spec.id(), 1, Integer::sum);
    return new Transaction()
        .checkNotExists(keys.withdrawn(spec.id()))
        .lock(keys.entry(queue, spec), spec.payload(), session)
        .getTree(keys.queue(queue))
        .send(agent, "enqueue " + spec)
        .whenComplete(
            (result, error) -> {
              if (!isUnknown(error)) {
                unanswered.computeIfPresent(spec.id(), (id, n) -> n == 1 ? null : n - 1);
              }
            })
        .thenApply(result -> enqueued(queue, spec, result))
        .thenCompose(enqueued -> checkAge(sentAt, enqueued));
  }

  private static boolean isUnknown(@Nullable Throwable error) {
    return error != null
        && Codes.lost(Codes.Request.WRITE, "enqueue", error).outcome() == Outcome.UNKNOWN;
  }

  private Enqueued enqueued(QueueName queue, EntrySpec spec, Result result) {
    if (result.failure() != null) {
      throw new StoreException(
          Outcome.REFUSED,
          "the entry "
              + spec
              + " was withdrawn, or belongs to another session: Consul answered "
              + result.failure().what());
    }
    String prefix = keys.queue(queue);
    String key = keys.entry(queue, spec);
    List<Pair> tree = tree(result);
    if (tree.stream().noneMatch(pair -> pair.key().equals(key) && isHeldHere(pair))) {
      throw new StoreException(
          Outcome.UNKNOWN, "the entry " + spec + " is not shown as one of the session " + session);
    }
    List<Entry> entries = Queues.entries(queue, prefix, tree, Detail.PAYLOADS);
    Entry self =
        entries.stream().filter(entry -> entry.locator().equals(key)).findFirst().orElseThrow();
    List<Entry> ahead = entries.stream().filter(entry -> entry.order() < self.order()).toList();
    long version = tree.stream().mapToLong(Pair::modifyIndex).max().orElse(self.order());
    return new Enqueued(self, ahead, version);
  }

  /** The first pair is the answer to the lock, and shows no value; the rest is the queue. */
  private static List<Pair> tree(Result result) {
    return result.pairs().subList(1, result.pairs().size());
  }

  private boolean isHeldHere(Pair pair) {
    return pair.holder().equals(Optional.of(session));
  }

  /**
   * An entry that was made just now has a newer index than whatever had been answered before. One
   * that has not is an old one, asked for again, or the store went back.
   */
  private CompletableFuture<Enqueued> checkAge(Mark sentAt, Enqueued enqueued) {
    long index = enqueued.self().order();
    age.wrote(sentAt, index);
    return index > sentAt.index()
        ? CompletableFuture.completedFuture(enqueued)
        : age.ask()
            .handle(
                (known, error) -> {
                  if (error != null) {
                    throw new StoreException(
                        Outcome.UNKNOWN, "whether the store went back is not known", error);
                  }
                  return enqueued;
                });
  }

  CompletableFuture<Boolean> remove(Entry own) {
    if (!unanswered.containsKey(own.id())) {
      return delete(own.locator());
    }
    return new Transaction()
        .lock(keys.withdrawn(own.id()), NOTHING, session)
        .checkSession(own.locator(), session)
        .delete(own.locator())
        .send(agent, "remove " + own)
        .thenCompose(
            result -> {
              if (result.failure() != null) {
                return withdraw(own.queue(), own.id());
              }
              unanswered.remove(own.id());
              return CompletableFuture.completedFuture(true);
            });
  }

  /** Deletes a key if this session holds it. If it does not, then it is no entry of ours. */
  private CompletableFuture<Boolean> delete(String key) {
    return new Transaction()
        .checkSession(key, session)
        .delete(key)
        .send(agent, "remove " + key)
        .thenApply(result -> result.failure() == null);
  }

  CompletableFuture<Boolean> withdraw(QueueName queue, String entryId) {
    String what = "withdraw " + entryId;
    return new Transaction()
        .lock(keys.withdrawn(entryId), NOTHING, session)
        .getTree(keys.queue(queue))
        .send(agent, what)
        .thenCompose(
            result -> {
              orElseFail(what, result);
              unanswered.remove(entryId);
              return tree(result).stream()
                  .filter(pair -> isHeldHere(pair) && isEntry(queue, pair, entryId))
                  .findFirst()
                  .map(pair -> delete(pair.key()))
                  .orElse(CompletableFuture.completedFuture(false));
            });
  }

  private boolean isEntry(QueueName queue, Pair pair, String entryId) {
    return Keys.entryName(pair.key(), keys.queue(queue))
        .map(EntryName::id)
        .filter(entryId::equals)
        .isPresent();
  }

  CompletableFuture<@Nullable Void> update(Entry own, byte[] payload) {
    String what = "update " + own;
    return new Transaction()
        .checkSession(own.locator(), session)
        .lock(own.locator(), payload, session)
        .send(agent, what)
        .<@Nullable Void>thenApply(
            result -> {
              orElseFail(what, result);
              return null;
            });
  }

  private static void orElseFail(String what, Result result) {
    if (result.failure() != null) {
      throw new StoreException(
          Outcome.NOT_DONE, "cannot " + what + ": Consul answered " + result.failure().what());
    }
  }
}

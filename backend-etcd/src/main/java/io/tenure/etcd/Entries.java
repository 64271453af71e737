package io.tenure.etcd;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import io.tenure.etcd.Codes.Effect;
import io.tenure.etcd.Keys.EntryName;
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
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/*
 * A request that was given up may still reach a server much later: one that was paused, or cut off
 * with the request in its buffer. An enqueue that is applied after its entry was removed would make
 * a ghost, which blocks everyone for as long as our session lives.
 *
 * So a removal that may have an enqueue behind it also writes that the entry is withdrawn, and an
 * enqueue creates its entry only if nobody has written that. The two are transactions, one of them
 * is first, and either way no entry is left. The mark goes with the session, and so does everything
 * that could need it.
 */

/** The entries of one session. */
final class Entries {
  private static final byte[] NOTHING = {};

  private final Requests requests;
  private final Keys keys;
  private final long leaseId;

  /** How many enqueues of an entry were sent and not answered. */
  private final Map<String, Integer> unanswered = new ConcurrentHashMap<>();

  Entries(Requests requests, Keys keys, long leaseId) {
    this.requests = requests;
    this.keys = keys;
    this.leaseId = leaseId;
  }

  CompletableFuture<Enqueued> enqueue(QueueName queue, EntrySpec spec) {
    String locator = Keys.locator(queue, new EntryName(spec.kind(), spec.id()));
    ByteString key = keys.at(locator);
    RequestOp everyone = Protocol.get(Protocol.all(keys.queue(queue), true));
    TxnRequest txn =
        TxnRequest.newBuilder()
            .addCompare(Protocol.isAbsent(key))
            .addCompare(Protocol.isAbsent(keys.withdrawn(spec.id())))
            .addSuccess(Protocol.put(key, spec.payload(), leaseId))
            .addSuccess(everyone)
            .addFailure(Protocol.get(key))
            .addFailure(everyone)
            .build();
    unanswered.merge(spec.id(), 1, Integer::sum);
    return requests
        .txn("enqueue " + spec, txn)
        .whenComplete(
            (answer, error) -> {
              if (!isUnknown(error)) {
                unanswered.computeIfPresent(spec.id(), (id, n) -> n == 1 ? null : n - 1);
              }
            })
        .thenApply(answer -> enqueued(queue, spec, locator, answer));
  }

  private static boolean isUnknown(@Nullable Throwable error) {
    return error != null
        && Codes.explain(Effect.WRITE, "enqueue", error).outcome() == Outcome.UNKNOWN;
  }

  private Enqueued enqueued(QueueName queue, EntrySpec spec, String locator, TxnResponse answer) {
    long version = answer.getHeader().getRevision();
    long order = version;
    byte[] payload = spec.payload();
    if (!answer.getSucceeded()) {
      KeyValue found = ownEntry(spec, Protocol.found(answer.getResponses(0)));
      order = found.getCreateRevision();
      payload = found.getValue().toByteArray();
    }
    Entry self =
        new Entry(
            queue,
            spec.id(),
            spec.kind(),
            order,
            OptionalLong.of(order),
            locator,
            Optional.of(payload));
    List<KeyValue> everyone = answer.getResponses(1).getResponseRange().getKvsList();
    List<Entry> ahead =
        Queues.inOrder(
            Queues.entries(keys, queue, everyone, Detail.NAMES)
                .filter(entry -> entry.order() < self.order()));
    return new Enqueued(self, ahead, version);
  }

  private KeyValue ownEntry(EntrySpec spec, Optional<KeyValue> found) {
    KeyValue entry =
        found.orElseThrow(
            () ->
                new StoreException(
                    Outcome.REFUSED, "entry " + spec + " was withdrawn and is not made again"));
    if (entry.getLease() != leaseId) {
      throw new StoreException(Outcome.REFUSED, "entry " + spec + " belongs to another session");
    }
    return entry;
  }

  CompletableFuture<Boolean> remove(Entry own) {
    TxnRequest.Builder txn = removal(keys.at(own.locator()), own.order());
    if (unanswered.containsKey(own.id())) {
      txn.addSuccess(withdrawal(own.id())).addFailure(withdrawal(own.id()));
    }
    return requests
        .txn("remove " + own, txn.build())
        .thenApply(
            answer -> {
              unanswered.remove(own.id());
              return answer.getSucceeded();
            });
  }

  CompletableFuture<Boolean> withdraw(QueueName queue, String entryId) {
    String what = "withdraw " + entryId;
    TxnRequest withdrawal =
        TxnRequest.newBuilder()
            .addSuccess(withdrawal(entryId))
            .addSuccess(Protocol.get(Protocol.all(keys.queue(queue), true)))
            .build();
    return requests
        .txn(what, withdrawal)
        .thenCompose(
            answer -> {
              unanswered.remove(entryId);
              return answer.getResponses(1).getResponseRange().getKvsList().stream()
                  .filter(kv -> kv.getLease() == leaseId && isEntry(queue, kv, entryId))
                  .findFirst()
                  .map(
                      kv ->
                          requests
                              .txn(what, removal(kv.getKey(), kv.getCreateRevision()).build())
                              .thenApply(TxnResponse::getSucceeded))
                  .orElse(CompletableFuture.completedFuture(false));
            });
  }

  private boolean isEntry(QueueName queue, KeyValue kv, String entryId) {
    return keys.entryName(queue, kv.getKey()).filter(name -> name.id().equals(entryId)).isPresent();
  }

  private static TxnRequest.Builder removal(ByteString key, long createRevision) {
    return TxnRequest.newBuilder()
        .addCompare(Protocol.isCreatedAt(key, createRevision))
        .addSuccess(Protocol.delete(key));
  }

  private RequestOp withdrawal(String entryId) {
    return Protocol.put(keys.withdrawn(entryId), NOTHING, leaseId);
  }

  CompletableFuture<@Nullable Void> update(Entry own, byte[] payload) {
    ByteString key = keys.at(own.locator());
    TxnRequest txn =
        TxnRequest.newBuilder()
            .addCompare(Protocol.isCreatedAt(key, own.order()))
            .addSuccess(Protocol.put(key, payload, leaseId))
            .build();
    return requests
        .txn("update " + own, txn)
        .thenApply(
            answer -> {
              if (!answer.getSucceeded()) {
                throw new StoreException(Outcome.NOT_DONE, "entry " + own + " is gone");
              }
              return null;
            });
  }
}

package io.tenure.etcd;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.Compare;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import io.tenure.Expected;
import io.tenure.Versioned;
import io.tenure.spi.Entry;
import io.tenure.spi.Mutation;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import io.tenure.spi.WriteOutcome;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * Versioned cells: a cell is a key, its version the revision of its last write.
 *
 * <p>A write is one transaction that compares everything. If it is not applied, the same
 * transaction shows what was there instead.
 */
final class Cells {
  static final int MAX_WRITES = 100;

  /** No lease: the key stays. */
  private static final long FOR_EVER = 0;

  private final Requests requests;
  private final Keys keys;

  Cells(Requests requests, Keys keys) {
    this.requests = requests;
    this.keys = keys;
  }

  /**
   * What a write depends on besides its cells.
   *
   * @param guard the revision at which the key was created, if it is that of an entry; otherwise it
   *     is the session's, and only has to exist
   */
  private record Condition(ByteString key, OptionalLong guard) {
    Compare compare() {
      return guard.isPresent()
          ? Protocol.isCreatedAt(key, guard.getAsLong())
          : Protocol.isPresent(key);
    }

    boolean holds(Optional<KeyValue> found) {
      return found
          .filter(kv -> guard.isEmpty() || kv.getCreateRevision() == guard.getAsLong())
          .isPresent();
    }
  }

  CompletableFuture<Optional<Versioned>> get(String key) {
    return requests
        .get("read " + key, keys.at(key))
        .thenApply(answer -> answer.getKvsList().stream().findFirst().map(Cells::versioned));
  }

  /** Writes cells that stay. */
  CompletableFuture<WriteOutcome> write(List<Mutation> writes) {
    if (writes.stream().anyMatch(Mutation::ephemeral)) {
      throw new StoreException(Outcome.REFUSED, "an ephemeral cell is written by a session only");
    }
    return write(Optional.empty(), writes, FOR_EVER);
  }

  /**
   * Writes cells in a session.
   *
   * @param guard the entry that must exist; without one, the session must
   */
  CompletableFuture<WriteOutcome> write(
      long leaseId, Optional<Entry> guard, List<Mutation> writes) {
    Condition condition =
        guard
            .map(held -> new Condition(keys.at(held.locator()), OptionalLong.of(held.order())))
            .orElseGet(() -> new Condition(keys.session(leaseId), OptionalLong.empty()));
    return write(Optional.of(condition), writes, leaseId);
  }

  private CompletableFuture<WriteOutcome> write(
      Optional<Condition> condition, List<Mutation> writes, long leaseId) {
    requireWellFormed(writes);
    TxnRequest.Builder txn = TxnRequest.newBuilder();
    condition.ifPresent(
        needed -> txn.addCompare(needed.compare()).addFailure(Protocol.get(needed.key())));
    writes.forEach(write -> add(txn, write, leaseId));
    return requests
        .txn("write " + writes.get(0).key(), txn.build())
        .thenApply(
            answer ->
                answer.getSucceeded()
                    ? applied(writes, answer.getHeader().getRevision())
                    : notApplied(condition, writes, answer));
  }

  private static void requireWellFormed(List<Mutation> writes) {
    long distinct = writes.stream().map(Mutation::key).distinct().count();
    if (distinct == 0 || distinct > MAX_WRITES || distinct < writes.size()) {
      throw new StoreException(
          Outcome.REFUSED,
          String.format(
              "an atomic write has 1 to %d cells, none of them twice, but this one has %d writes to"
                  + " %d cells",
              MAX_WRITES, writes.size(), distinct));
    }
  }

  private void add(TxnRequest.Builder txn, Mutation write, long leaseId) {
    ByteString key = keys.at(write.key());
    Expected expected = write.expected();
    if (expected instanceof Expected.Value value) {
      txn.addCompare(Protocol.isValue(key, value.bytes()));
    } else if (expected instanceof Expected.Version version) {
      txn.addCompare(Protocol.isModifiedAt(key, version.version()));
    } else {
      txn.addCompare(Protocol.isAbsent(key));
    }
    boolean creates = expected instanceof Expected.Absent;
    txn.addSuccess(
        write
            .next()
            .map(
                next ->
                    creates
                        ? Protocol.put(key, next, write.ephemeral() ? leaseId : FOR_EVER)
                        : Protocol.overwrite(key, next))
            .orElseGet(() -> Protocol.delete(key)));
    txn.addFailure(Protocol.get(key));
  }

  private static WriteOutcome applied(List<Mutation> writes, long revision) {
    return new WriteOutcome.Applied(
        writes.stream()
            .map(
                write ->
                    write.next().isPresent() ? OptionalLong.of(revision) : OptionalLong.empty())
            .toList());
  }

  private static WriteOutcome notApplied(
      Optional<Condition> condition, List<Mutation> writes, TxnResponse answer) {
    if (condition.isPresent() && !condition.get().holds(Protocol.found(answer.getResponses(0)))) {
      if (condition.get().guard().isPresent()) {
        return new WriteOutcome.HolderGone();
      }
      throw new StoreException(Outcome.SESSION_GONE, "the session no longer exists");
    }
    int first = condition.isPresent() ? 1 : 0;
    for (int i = 0; i < writes.size(); i++) {
      Optional<KeyValue> current = Protocol.found(answer.getResponses(first + i));
      if (!matches(writes.get(i).expected(), current)) {
        return new WriteOutcome.Mismatch(i, current.map(Cells::versioned));
      }
    }
    throw new StoreException(
        Outcome.NOT_DONE, "etcd wrote nothing, although everything is as expected");
  }

  private static boolean matches(Expected expected, Optional<KeyValue> current) {
    if (expected instanceof Expected.Value value) {
      return current
          .filter(kv -> Arrays.equals(kv.getValue().toByteArray(), value.bytes()))
          .isPresent();
    }
    if (expected instanceof Expected.Version version) {
      return current.filter(kv -> kv.getModRevision() == version.version()).isPresent();
    }
    return current.isEmpty();
  }

  private static Versioned versioned(KeyValue kv) {
    return new Versioned(kv.getValue().toByteArray(), kv.getModRevision());
  }
}

package io.tenure.zookeeper;

import io.tenure.Expected;
import io.tenure.spi.Mutation;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import io.tenure.spi.WriteOutcome;
import io.tenure.zookeeper.CellTransaction.Step;
import io.tenure.zookeeper.Codes.Request;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;

/**
 * One atomic write of cells: read, compare, and write what was read on the condition that it is
 * still so.
 *
 * <p>A cell that is expected to be absent is not read first, since creating it compares by itself.
 * Used by one request; its steps follow each other.
 */
final class CellWrite {
  /** How often somebody else may write between our reading and our writing. */
  private static final int ATTEMPTS = 4;

  private final Handle handle;
  private final Cells cells;
  private final Optional<String> guard;
  private final List<Mutation> writes;
  private final Belongings belongings;
  private final Request reading;
  private final Set<String> missingMarkers = new HashSet<>();

  CellWrite(
      Handle handle,
      Cells cells,
      Optional<String> guard,
      List<Mutation> writes,
      Belongings belongings,
      Request reading) {
    this.handle = handle;
    this.cells = cells;
    this.guard = guard;
    this.writes = writes;
    this.belongings = belongings;
    this.reading = reading;
  }

  CompletableFuture<WriteOutcome> run() {
    return attempt(1)
        .exceptionally(
            error -> {
              throw Codes.explain(Request.CELL, "write " + writes.get(0).key(), error);
            });
  }

  private CompletableFuture<WriteOutcome> attempt(int attempt) {
    if (attempt > ATTEMPTS) {
      return CompletableFuture.failedFuture(
          new StoreException(
              Outcome.NOT_DONE, "others keep changing " + writes.get(0).key() + " and back"));
    }
    return contents(attempt)
        .thenCompose(
            contents -> {
              Optional<WriteOutcome> mismatch = firstMismatch(contents);
              return mismatch.isPresent()
                  ? CompletableFuture.completedFuture(mismatch.get())
                  : send(contents, attempt);
            });
  }

  private CompletableFuture<List<Optional<CellContent>>> contents(int attempt) {
    List<CompletableFuture<Optional<CellContent>>> reads = new ArrayList<>();
    for (Mutation write : writes) {
      boolean assumed =
          attempt == 1 && write.expected() instanceof Expected.Absent && write.next().isPresent();
      reads.add(
          assumed
              ? CompletableFuture.completedFuture(Optional.empty())
              : cells.content(handle, write.key()).thenApply(this::knownMarkers));
    }
    return Futures.all(reads)
        .exceptionally(
            error -> {
              throw Codes.explain(reading, "read " + writes.get(0).key(), error);
            });
  }

  private Optional<CellContent> knownMarkers(Optional<CellContent> content) {
    return content.map(
        is ->
            is.incarnation().filter(missingMarkers::contains).isPresent()
                ? is.withoutMarker()
                : is);
  }

  private Optional<WriteOutcome> firstMismatch(List<Optional<CellContent>> contents) {
    for (int i = 0; i < writes.size(); i++) {
      if (!matches(writes.get(i).expected(), contents.get(i))) {
        return Optional.of(
            new WriteOutcome.Mismatch(i, contents.get(i).map(CellContent::versioned)));
      }
    }
    return Optional.empty();
  }

  private static boolean matches(Expected expected, Optional<CellContent> content) {
    if (expected instanceof Expected.Value value) {
      return content.filter(is -> Arrays.equals(is.value(), value.bytes())).isPresent();
    }
    if (expected instanceof Expected.Version version) {
      return content.filter(is -> is.version() == version.version()).isPresent();
    }
    return content.isEmpty();
  }

  private CompletableFuture<WriteOutcome> send(List<Optional<CellContent>> contents, int attempt) {
    CellTransaction transaction = new CellTransaction(handle, cells, belongings);
    guard.ifPresent(transaction::guard);
    try {
      for (int i = 0; i < writes.size(); i++) {
        transaction.add(writes.get(i), contents.get(i));
      }
    } catch (StoreException e) {
      transaction.notApplied();
      throw e;
    }
    if (transaction.isEmpty()) {
      return CompletableFuture.completedFuture(applied(OptionalLong.empty()));
    }
    CompletableFuture<Optional<Throwable>> parents = ensureParents(contents);
    return transaction
        .send()
        .thenCompose(
            results -> {
              Optional<CellTransaction.Failure> failure = transaction.failure(results);
              if (failure.isEmpty()) {
                transaction.applied();
                return CompletableFuture.completedFuture(applied(CellTransaction.zxid(results)));
              }
              transaction.notApplied();
              return parents.thenCompose(refusal -> failed(failure.get(), refusal, attempt));
            });
  }

  private CompletableFuture<Optional<Throwable>> ensureParents(
      List<Optional<CellContent>> contents) {
    CompletableFuture<Optional<Throwable>> refusal =
        CompletableFuture.completedFuture(Optional.empty());
    for (int i = 0; i < writes.size(); i++) {
      if (contents.get(i).isEmpty() && writes.get(i).next().isPresent()) {
        refusal =
            refusal.thenCombine(
                cells.ensureParent(handle, cells.path(writes.get(i).key())),
                (first, next) -> first.or(() -> next));
      }
    }
    return refusal;
  }

  private CompletableFuture<WriteOutcome> failed(
      CellTransaction.Failure failure, Optional<Throwable> parentRefusal, int attempt) {
    boolean missing = failure.code() == Code.NONODE;
    if (missing && failure.step() == Step.GUARD) {
      return CompletableFuture.completedFuture(new WriteOutcome.HolderGone());
    }
    if (missing && failure.step() == Step.CREATE) {
      cells.forgetParent(failure.path());
      if (parentRefusal.isPresent()) {
        throw Codes.explain(
            Request.LOOK, "create the parent of " + failure.path(), parentRefusal.get());
      }
    }
    if (missing && failure.step() == Step.MARKER) {
      // If the cell still says that it has this marker, then a stranger has deleted the marker.
      missingMarkers.add(failure.incarnation());
    }
    if (missing || failure.code() == Code.NODEEXISTS || failure.code() == Code.BADVERSION) {
      return attempt(attempt + 1);
    }
    throw Codes.explain(
        Request.CELL,
        "write " + failure.path(),
        KeeperException.create(failure.code(), failure.path()));
  }

  private WriteOutcome applied(OptionalLong zxid) {
    return new WriteOutcome.Applied(
        writes.stream()
            .map(write -> write.next().isPresent() ? zxid : OptionalLong.empty())
            .toList());
  }
}

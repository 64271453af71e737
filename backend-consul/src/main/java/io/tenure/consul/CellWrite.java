package io.tenure.consul;

import io.tenure.Expected;
import io.tenure.Versioned;
import io.tenure.consul.Cells.Writer;
import io.tenure.consul.Transaction.Failure;
import io.tenure.consul.Transaction.Result;
import io.tenure.spi.Mutation;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import io.tenure.spi.WriteOutcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * One atomic write of cells.
 *
 * <p>The store compares absence and versions by itself. A value is read first, compared here, and
 * written on the condition that its version is still the same. Used by one request; its steps
 * follow each other.
 */
final class CellWrite {
  /** How often somebody else may write between our reading and our writing. */
  private static final int ATTEMPTS = 4;

  private final Agent agent;
  private final Cells cells;
  private final Optional<Writer> writer;
  private final List<Mutation> writes;
  private final String what;

  CellWrite(Agent agent, Cells cells, Optional<Writer> writer, List<Mutation> writes) {
    this.agent = agent;
    this.cells = cells;
    this.writer = writer;
    this.writes = writes;
    this.what = "write " + writes.get(0).key();
  }

  CompletableFuture<WriteOutcome> run() {
    return attempt(1);
  }

  private CompletableFuture<WriteOutcome> attempt(int attempt) {
    if (attempt > ATTEMPTS) {
      return CompletableFuture.failedFuture(
          new StoreException(
              Outcome.NOT_DONE, "cannot " + what + ": others keep changing it and back"));
    }
    List<CompletableFuture<Optional<Versioned>>> reads = new ArrayList<>();
    for (Mutation write : writes) {
      reads.add(
          isComparedHere(write.expected())
              ? cells.get(write.key())
              : CompletableFuture.completedFuture(Optional.empty()));
    }
    return CompletableFuture.allOf(reads.toArray(CompletableFuture[]::new))
        .thenCompose(
            done -> compare(reads.stream().map(CompletableFuture::join).toList(), attempt));
  }

  /** To the store an index of zero means that there is none. */
  private static boolean isComparedHere(Expected expected) {
    return expected instanceof Expected.Value
        || (expected instanceof Expected.Version version && version.version() <= 0);
  }

  private CompletableFuture<WriteOutcome> compare(List<Optional<Versioned>> contents, int attempt) {
    for (int i = 0; i < writes.size(); i++) {
      Expected expected = writes.get(i).expected();
      if (isComparedHere(expected) && !matches(expected, contents.get(i))) {
        return CompletableFuture.completedFuture(new WriteOutcome.Mismatch(i, contents.get(i)));
      }
    }
    return send(contents, attempt);
  }

  private static boolean matches(Expected expected, Optional<Versioned> content) {
    if (expected instanceof Expected.Value value) {
      return content.filter(is -> Arrays.equals(is.value(), value.bytes())).isPresent();
    }
    if (expected instanceof Expected.Version version) {
      return content.filter(is -> is.version() == version.version()).isPresent();
    }
    return content.isEmpty();
  }

  private CompletableFuture<WriteOutcome> send(List<Optional<Versioned>> contents, int attempt) {
    Transaction transaction = new Transaction();
    List<Integer> cellOfOperation = new ArrayList<>();
    writer
        .flatMap(by -> by.guard().map(key -> transaction.checkSession(key, by.session())))
        .ifPresent(guarded -> cellOfOperation.add(-1));
    for (int i = 0; i < writes.size(); i++) {
      add(transaction, writes.get(i), contents.get(i));
      while (cellOfOperation.size() < transaction.size()) {
        cellOfOperation.add(i);
      }
    }
    return transaction
        .send(agent, what)
        .thenCompose(
            result -> {
              Failure failure = result.failure();
              return failure == null
                  ? CompletableFuture.completedFuture(applied(result))
                  : failed(cellOfOperation.get(failure.opIndex()), attempt);
            });
  }

  private void add(Transaction transaction, Mutation write, Optional<Versioned> content) {
    String key = cells.key(write);
    OptionalLong version = version(write.expected(), content);
    if (write.next().isEmpty()) {
      if (version.isPresent()) {
        // A conditional deletion succeeds where there is nothing.
        transaction.checkIndex(key, version.getAsLong()).delete(key);
      } else {
        transaction.checkNotExists(key);
      }
    } else if (version.isPresent() || !write.ephemeral()) {
      transaction.replace(key, write.next().get(), version.orElse(0));
    } else {
      transaction.checkNotExists(key).lock(key, write.next().get(), session());
    }
  }

  private String session() {
    return writer
        .map(Writer::session)
        .orElseThrow(
            () -> new StoreException(Outcome.REFUSED, "an ephemeral cell needs a session"));
  }

  /** The version that the cell must have; empty if it must not exist. */
  private static OptionalLong version(Expected expected, Optional<Versioned> content) {
    if (expected instanceof Expected.Version version) {
      return OptionalLong.of(version.version());
    }
    return content.map(is -> OptionalLong.of(is.version())).orElseGet(OptionalLong::empty);
  }

  private WriteOutcome applied(Result result) {
    return new WriteOutcome.Applied(
        writes.stream()
            .map(
                write ->
                    result.pairs().stream()
                        .filter(pair -> write.next().isPresent())
                        .filter(pair -> pair.key().equals(cells.key(write)))
                        .mapToLong(Pair::modifyIndex)
                        .max())
            .toList());
  }

  private CompletableFuture<WriteOutcome> failed(int cell, int attempt) {
    if (cell < 0) {
      return CompletableFuture.completedFuture(new WriteOutcome.HolderGone());
    }
    Mutation write = writes.get(cell);
    return cells
        .get(write.key())
        .thenCompose(
            content ->
                matches(write.expected(), content)
                    ? attempt(attempt + 1)
                    : CompletableFuture.completedFuture(new WriteOutcome.Mismatch(cell, content)));
  }
}

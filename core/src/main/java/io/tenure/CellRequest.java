package io.tenure;

import io.tenure.spi.Mutation;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import io.tenure.spi.WriteOutcome;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One atomic write of cells on its way to the store, under a lease or not. Belongs to the lane.
 *
 * @param <T> what its user is told
 */
final class CellRequest<T> {
  private final Context context;
  private final @Nullable HeldLease guard;
  private final boolean bound;
  private final List<CellWrite> writes;
  private final List<Mutation> mutations;
  private final Function<WriteResult, T> told;
  private final CompletableFuture<T> result = new CompletableFuture<>();

  /**
   * Takes an order, which {@link #send} sends.
   *
   * @param told turns the store's answer into the user's
   */
  CellRequest(
      Context context,
      @Nullable HeldLease guard,
      boolean bound,
      List<CellWrite> writes,
      Function<WriteResult, T> told) {
    this.context = context;
    this.guard = guard;
    this.bound = bound;
    this.writes = writes;
    this.mutations = writes.stream().map(this::mutation).toList();
    this.told = told;
  }

  private Mutation mutation(CellWrite write) {
    return new Mutation(
        context.names.cell(write.key()),
        write.expected(),
        write.next(),
        bound && write.expected() == Expected.absent());
  }

  CompletableFuture<T> send() {
    context.lane.execute(this::sendInLane);
    return result;
  }

  private void sendInLane() {
    if (context.open.isClosed()) {
      result.completeExceptionally(Failures.closed("write of " + cells()));
    } else if (guard == null) {
      context.calls.call(() -> context.store.write(mutations), this::answered, this::failed);
    } else {
      sendGuarded(guard);
    }
  }

  private void sendGuarded(HeldLease lease) {
    // Asked in the lane, where no lease can end between this look and the request.
    try {
      lease.ensureHeld(Duration.ZERO);
    } catch (LeaseLostException e) {
      result.completeExceptionally(e);
      return;
    }
    context.calls.call(
        () -> lease.session().store().write(Optional.of(lease.place().self()), mutations),
        this::answered,
        e -> {
          context.sessions.endedBy(lease.session(), e);
          if (e.outcome() == Outcome.SESSION_GONE) {
            holderGone(lease);
          } else {
            failed(e);
          }
        });
  }

  private void answered(WriteOutcome outcome) {
    if (outcome instanceof WriteOutcome.Applied applied
        && applied.versions().size() == writes.size()) {
      applied(applied.versions());
    } else if (outcome instanceof WriteOutcome.Mismatch mismatch
        && mismatch.index() < writes.size()) {
      differs(writes.get(mismatch.index()), mismatch.current());
    } else if (outcome instanceof WriteOutcome.HolderGone && guard != null) {
      guard.place().vanished();
      holderGone(guard);
    } else {
      // Somebody waits for the result of this; a backend that answers another question has none.
      failed(
          new StoreException(
              Outcome.UNKNOWN,
              "the backend answered " + outcome + " to a write of " + writes.size() + " cells"));
    }
  }

  private void applied(List<OptionalLong> stored) {
    Map<String, Long> versions = new LinkedHashMap<>();
    for (int i = 0; i < mutations.size(); i++) {
      long version = stored.get(i).orElse(0);
      versions.put(writes.get(i).key(), version);
      track(mutations.get(i), version);
    }
    result.complete(told.apply(new WriteResult.Applied(versions)));
  }

  private void track(Mutation mutation, long version) {
    if (guard == null) {
      return;
    }
    if (mutation.next().isEmpty()) {
      guard.boundCells().deleted(mutation.key());
    } else {
      guard.boundCells().wrote(mutation.key(), version, mutation.ephemeral());
    }
  }

  private void differs(CellWrite write, Optional<Versioned> current) {
    if (current.isPresent()) {
      result.complete(told.apply(new WriteResult.Differs(write.key(), current.get())));
    } else if (write.expected() == Expected.absent()) {
      result.completeExceptionally(
          new BackendUnavailableException(
              "the cell '"
                  + write.key()
                  + "' changed while the store looked at it; nothing was written"));
    } else {
      result.completeExceptionally(new EmptyCellException(write.key(), write.expected()));
    }
  }

  private void holderGone(HeldLease lease) {
    result.completeExceptionally(
        new LeaseLostException(
            lease.name(),
            lease.token(),
            lease.lossReason(),
            "does not exist in the store any more; nothing was written to " + cells()));
  }

  private void failed(StoreException e) {
    result.completeExceptionally(Failures.ofWrite("write of " + cells(), e));
  }

  private String cells() {
    String first = "cell '" + writes.get(0).key() + "'";
    return writes.size() == 1 ? first : first + " and " + (writes.size() - 1) + " more";
  }
}

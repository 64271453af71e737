package io.tenure;

import static java.util.Objects.requireNonNull;

import io.tenure.spi.Mutation;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import io.tenure.spi.WriteOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The cells of a namespace, unguarded or under a lease. */
final class StoreCells implements Cells {
  private static final int MAX_VALUE_BYTES = 64 * 1024;

  private final Context context;
  private final @Nullable HeldLease guard;
  private final boolean bound;

  StoreCells(Context context) {
    this(context, null, false);
  }

  private StoreCells(Context context, @Nullable HeldLease guard, boolean bound) {
    this.context = context;
    this.guard = guard;
    this.bound = bound;
  }

  @Override
  public Optional<Versioned> get(String key) throws InterruptedException {
    return context.await(read(key));
  }

  @Override
  public CompletableFuture<Optional<Versioned>> getAsync(String key) {
    return users("Cells.getAsync", read(key));
  }

  private CompletableFuture<Optional<Versioned>> read(String key) {
    String path = context.names.cell(key);
    CompletableFuture<Optional<Versioned>> result = new CompletableFuture<>();
    context.lane.execute(
        () -> {
          if (context.open.isClosed()) {
            result.completeExceptionally(Failures.closed("read of cell '" + key + "'"));
            return;
          }
          context.calls.call(
              () -> context.store.get(path),
              result::complete,
              e -> result.completeExceptionally(Failures.of("read of cell '" + key + "'", e)));
        });
    return result;
  }

  @Override
  public CasResult compareAndSwap(String key, Expected expected, byte[] next)
      throws InterruptedException {
    return context.await(swap(key, expected, Optional.of(next)));
  }

  @Override
  public CompletableFuture<CasResult> compareAndSwapAsync(
      String key, Expected expected, byte[] next) {
    return users("Cells.compareAndSwapAsync", swap(key, expected, Optional.of(next)));
  }

  @Override
  public CasResult delete(String key, Expected expected) throws InterruptedException {
    return context.await(swap(key, expected, Optional.empty()));
  }

  @Override
  public CompletableFuture<CasResult> deleteAsync(String key, Expected expected) {
    return users("Cells.deleteAsync", swap(key, expected, Optional.empty()));
  }

  private <T> CompletableFuture<T> users(String where, CompletableFuture<T> internal) {
    CompletableFuture<T> users = new CompletableFuture<>();
    context.deliver(where, internal, users);
    return users;
  }

  private CompletableFuture<CasResult> swap(String key, Expected expected, Optional<byte[]> next) {
    requireNonNull(expected, "expected");
    if (next.isPresent() && next.get().length > MAX_VALUE_BYTES) {
      throw new IllegalArgumentException(
          "a cell's value is at most "
              + MAX_VALUE_BYTES
              + " bytes, but this has "
              + next.get().length);
    }
    if (next.isEmpty() && expected == Expected.absent()) {
      throw new IllegalArgumentException(
          "a deletion expects a value or a version, but this expects an empty cell");
    }
    Swap swap =
        new Swap(
            key,
            new Mutation(
                context.names.cell(key),
                expected,
                next.map(byte[]::clone),
                bound && expected == Expected.absent()));
    context.lane.execute(swap::send);
    return swap.result;
  }

  @Override
  public Cells guardedBy(Lease lease) {
    return new StoreCells(context, own(lease), false);
  }

  @Override
  public Cells boundTo(Lease lease) {
    return new StoreCells(context, own(lease), true);
  }

  private HeldLease own(Lease lease) {
    if (requireNonNull(lease, "lease") instanceof HeldLease held && held.context() == context) {
      return held;
    }
    throw new IllegalArgumentException(
        "cells are guarded by a lease of the same client, but this is " + lease);
  }

  /** One compare-and-swap on its way. Belongs to the lane. */
  private final class Swap {
    private final String key;
    private final Mutation mutation;
    private final CompletableFuture<CasResult> result = new CompletableFuture<>();

    Swap(String key, Mutation mutation) {
      this.key = key;
      this.mutation = mutation;
    }

    void send() {
      if (context.open.isClosed()) {
        result.completeExceptionally(Failures.closed("write of cell '" + key + "'"));
      } else if (guard == null) {
        context.calls.call(
            () -> context.store.write(List.of(mutation)), this::answered, this::failed);
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
          () -> lease.session().store().write(Optional.of(lease.place().self()), List.of(mutation)),
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
      if (outcome instanceof WriteOutcome.Applied applied) {
        long version = applied.versions().get(0).orElse(0);
        track(version);
        result.complete(new CasResult.Swapped(version));
      } else if (outcome instanceof WriteOutcome.Mismatch mismatch) {
        differs(mismatch.current());
      } else if (guard != null) {
        guard.place().vanished();
        holderGone(guard);
      }
    }

    private void track(long version) {
      if (guard == null) {
        return;
      }
      if (mutation.next().isEmpty()) {
        guard.boundCells().deleted(mutation.key());
      } else {
        guard.boundCells().wrote(mutation.key(), version, mutation.ephemeral());
      }
    }

    private void differs(Optional<Versioned> current) {
      if (current.isPresent()) {
        result.complete(new CasResult.Differs(current.get()));
      } else if (mutation.expected() == Expected.absent()) {
        result.completeExceptionally(
            new BackendUnavailableException(
                "the cell '"
                    + key
                    + "' changed while the store looked at it; nothing was written"));
      } else {
        result.completeExceptionally(new EmptyCellException(key, mutation.expected()));
      }
    }

    private void holderGone(HeldLease lease) {
      result.completeExceptionally(
          new LeaseLostException(
              lease.name(),
              lease.token(),
              lease.lossReason(),
              "does not exist in the store any more; the cell '" + key + "' was not written"));
    }

    private void failed(StoreException e) {
      result.completeExceptionally(Failures.ofWrite("write of cell '" + key + "'", e));
    }
  }
}

package io.tenure;

import static java.util.Objects.requireNonNull;

import io.tenure.spi.Traits;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The cells of a namespace, unguarded or under a lease. */
final class StoreCells implements Cells {
  /** Less than any of the stores takes in one request, keys and encoding included. */
  private static final int MAX_BYTES_AT_ONCE = 256 * 1024;

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
    return context.await(swap(CellWrite.put(key, expected, next)));
  }

  @Override
  public CompletableFuture<CasResult> compareAndSwapAsync(
      String key, Expected expected, byte[] next) {
    return users("Cells.compareAndSwapAsync", swap(CellWrite.put(key, expected, next)));
  }

  @Override
  public CasResult delete(String key, Expected expected) throws InterruptedException {
    return context.await(swap(CellWrite.delete(key, expected)));
  }

  @Override
  public CompletableFuture<CasResult> deleteAsync(String key, Expected expected) {
    return users("Cells.deleteAsync", swap(CellWrite.delete(key, expected)));
  }

  private CompletableFuture<CasResult> swap(CellWrite write) {
    return request(List.of(write), result -> swapped(write.key(), result));
  }

  private static CasResult swapped(String key, WriteResult result) {
    return result instanceof WriteResult.Differs differs
        ? new CasResult.Differs(differs.current())
        : new CasResult.Swapped(((WriteResult.Applied) result).version(key));
  }

  @Override
  public WriteResult writeAll(List<CellWrite> writes) throws InterruptedException {
    return context.await(several(writes));
  }

  @Override
  public CompletableFuture<WriteResult> writeAllAsync(List<CellWrite> writes) {
    return users("Cells.writeAllAsync", several(writes));
  }

  private CompletableFuture<WriteResult> several(List<CellWrite> writes) {
    return request(checked(List.copyOf(writes)), result -> result);
  }

  private List<CellWrite> checked(List<CellWrite> writes) {
    Traits traits = context.traits;
    int most = traits.maxWritesAtOnce();
    if (writes.isEmpty() || writes.size() > most) {
      throw new IllegalArgumentException(
          "%s writes 1 to %d cells at once, but these are %d"
              .formatted(traits.store(), most, writes.size()));
    }
    Set<String> keys = new HashSet<>();
    for (CellWrite write : writes) {
      if (!keys.add(write.key())) {
        throw new IllegalArgumentException(
            "a cell is written once in one write, but '" + write.key() + "' is there twice");
      }
    }
    long bytes = writes.stream().mapToLong(CellWrite::bytes).sum();
    if (bytes > MAX_BYTES_AT_ONCE) {
      throw new IllegalArgumentException(
          "the values of cells that are written at once, with those that they are compared with,"
              + " are at most %d bytes together, but these are %d"
                  .formatted(MAX_BYTES_AT_ONCE, bytes));
    }
    return writes;
  }

  private <T> CompletableFuture<T> request(List<CellWrite> writes, Function<WriteResult, T> told) {
    return new CellRequest<>(context, guard, bound, writes, told).send();
  }

  private <T> CompletableFuture<T> users(String where, CompletableFuture<T> internal) {
    CompletableFuture<T> users = new CompletableFuture<>();
    context.deliver(where, internal, users);
    return users;
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
}

package io.tenure;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Versioned cells of the store: small values that change by compare-and-swap only.
 *
 * <p>A swap ends in one of three told-apart ways: {@link CasResult.Swapped}; {@link
 * CasResult.Differs} because the present content is another; {@link EmptyCellException} because a
 * value or version was expected and the cell is empty. If the answer is lost it is an {@link
 * OutcomeUnknownException}, never retried in silence, since it may have been applied.
 *
 * <p>{@link #writeAll} swaps several cells at once, with the same ends: {@link
 * WriteResult.Applied}, {@link WriteResult.Differs}, and the same exceptions.
 *
 * <p>Keys are 1 to 255 bytes of UTF-8, values at most 65,536 bytes. Every blocking method does I/O
 * for at most the request time-out. Thread-safe. Obtained from {@link CoordinationClient#cells()}.
 */
public interface Cells {
  /**
   * Reads a cell, linearizably.
   *
   * @param key the cell
   * @return what it holds, or empty
   * @throws InterruptedException if the thread is interrupted
   * @throws BackendUnavailableException if the store did not answer within the request time-out
   * @throws IllegalArgumentException if the key is not allowed
   */
  Optional<Versioned> get(String key) throws InterruptedException;

  /**
   * Reads a cell without blocking.
   *
   * @param key the cell
   * @return what it holds, completed on the client's executor
   * @throws IllegalArgumentException if the key is not allowed
   */
  CompletableFuture<Optional<Versioned>> getAsync(String key);

  /**
   * Writes a cell if it is as expected.
   *
   * @param key the cell
   * @param expected what it must hold; {@link Expected#absent()} creates it
   * @param next the new value
   * @return swapped, or what the cell holds instead
   * @throws EmptyCellException if a value or version was expected and the cell is empty
   * @throws LeaseLostException if the view is guarded or bound and the lease is no longer held,
   *     here or in the store; nothing was written
   * @throws OutcomeUnknownException if the answer was lost
   * @throws BackendUnavailableException if the store could not be reached; nothing was written
   * @throws InterruptedException if the thread is interrupted; the write may have been applied
   * @throws IllegalArgumentException if key or value is not allowed
   */
  CasResult compareAndSwap(String key, Expected expected, byte[] next) throws InterruptedException;

  /**
   * Writes a cell if it is as expected, without blocking.
   *
   * @param key the cell
   * @param expected what it must hold
   * @param next the new value
   * @return completed on the client's executor; fails like {@link #compareAndSwap}
   * @throws IllegalArgumentException if key or value is not allowed
   */
  CompletableFuture<CasResult> compareAndSwapAsync(String key, Expected expected, byte[] next);

  /**
   * Deletes a cell if it is as expected.
   *
   * @param key the cell
   * @param expected a value or a version
   * @return swapped with version 0, or what the cell holds instead
   * @throws InterruptedException if the thread is interrupted; the deletion may have been applied
   * @throws IllegalArgumentException if {@code expected} is {@link Expected#absent()}, or the key
   *     is not allowed
   * @see #compareAndSwap for the other failures
   */
  CasResult delete(String key, Expected expected) throws InterruptedException;

  /**
   * Deletes a cell if it is as expected, without blocking.
   *
   * @param key the cell
   * @param expected a value or a version
   * @return completed on the client's executor; fails like {@link #delete}
   * @throws IllegalArgumentException like {@link #delete}
   */
  CompletableFuture<CasResult> deleteAsync(String key, Expected expected);

  /**
   * Writes several cells in one atomic step if every one of them is as expected: all or none. It is
   * one write of the store; ZooKeeper, and Consul where a value is expected, read the cells first.
   *
   * <p>A store takes a limited number of cells at once; more are refused here, with the number. The
   * values, with those that they are compared with, have at most 262,144 bytes together.
   *
   * @param writes at least one, no cell twice
   * @return applied, or one cell that differs
   * @throws EmptyCellException if a value or version was expected of a cell that is empty; nothing
   *     was written
   * @throws LeaseLostException if the view is guarded or bound and the lease is no longer held,
   *     here or in the store; nothing was written
   * @throws OutcomeUnknownException if the answer was lost: all were written, or none
   * @throws BackendUnavailableException if the store could not be reached; nothing was written
   * @throws BackendRefusedException if the store refuses, and will again; nothing was written
   * @throws InterruptedException if the thread is interrupted; the write may have been applied
   * @throws IllegalArgumentException if there are too many cells or bytes, none, a cell twice, or a
   *     key is not allowed
   */
  WriteResult writeAll(List<CellWrite> writes) throws InterruptedException;

  /**
   * Writes several cells in one atomic step, without blocking.
   *
   * @param writes at least one, no cell twice
   * @return completed on the client's executor; fails like {@link #writeAll}
   * @throws IllegalArgumentException like {@link #writeAll}
   */
  CompletableFuture<WriteResult> writeAllAsync(List<CellWrite> writes);

  /**
   * Returns a view whose writes are applied only while the lease's entry exists in the store,
   * checked in the same atomic step: a former holder cannot write, however late its request
   * arrives.
   *
   * @param lease a lease of this client
   * @return the view
   * @throws IllegalArgumentException if the lease is another client's
   */
  Cells guardedBy(Lease lease);

  /**
   * Returns a view whose writes are guarded by the lease, and whose cells end with it: they are
   * deleted when it is released, and vanish with its session, one TTL after this client died at the
   * latest. A cell that exists already keeps the life it was created with.
   *
   * @param lease a lease of this client
   * @return the view
   * @throws IllegalArgumentException if the lease is another client's
   */
  Cells boundTo(Lease lease);
}

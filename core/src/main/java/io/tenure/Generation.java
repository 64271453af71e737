package io.tenure;

import static java.util.Objects.requireNonNull;

import io.tenure.spi.Backend;
import io.tenure.spi.ClientSpec;
import io.tenure.spi.Mutation;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import io.tenure.spi.WriteOutcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * An operator's hand on the generation of a namespace: the upper part of every {@link
 * FencingToken}, 0 to {@value FencingToken#MAX_GENERATION}.
 *
 * <p>Raise it when the store's own revisions may have gone back, because it was restored from a
 * backup, has lost its data, or was replaced: tokens are then greater than all from before. <b>No
 * client of the namespace may run from before the restore until it is raised.</b> A session keeps
 * the generation that it was opened with, so a client that goes on makes tokens that are too small.
 * Nothing here can see whether one runs.
 *
 * <p>It is never lowered. What another tool wrote as a decimal number is read and replaced like
 * what was written here.
 *
 * <p>This is no client, and holds nothing open: each call opens a connection to the store, makes
 * its requests in the calling thread's time, and closes it. A request that is not answered within
 * 20 seconds counts as lost. Thread-safe, and safe against others who raise at the same time.
 */
public final class Generation {
  /** Each is one read and at most one write. */
  private static final int ATTEMPTS = 10;

  /** An operator's program has just started, and would rather wait than be told to try again. */
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private static final String RAISING = "raising";

  private final Backend backend;
  private final String namespace;
  private final String key;

  private Generation(Backend backend, String namespace) {
    this.backend = requireNonNull(backend, "backend");
    this.namespace = namespace;
    this.key = new Names(namespace).generation();
  }

  /**
   * What raising did.
   *
   * @param before the generation that stood there
   * @param now the one that stands there now; equal to {@code before} if that was enough
   */
  public record Raised(int before, int now) {}

  /**
   * Names the generation of a namespace. Does no I/O.
   *
   * @param backend the store and the way to it, with the right to write this one key
   * @param namespace as clients have it in {@link ClientBuilder#namespace}
   * @return the generation
   * @throws IllegalArgumentException if a segment of the namespace is not allowed, saying why
   */
  public static Generation of(Backend backend, String namespace) {
    return new Generation(backend, namespace);
  }

  /**
   * Reads it, linearizably.
   *
   * @return 0 if none was ever set
   * @throws BackendRefusedException if the store refused, or if something else than a generation
   *     stands there; the message says what
   * @throws BackendUnavailableException if the store did not answer
   * @throws InterruptedException if the thread is interrupted
   */
  public int read() throws InterruptedException {
    return connected("reading", connection -> GenerationCell.of(connection.get()));
  }

  /**
   * Raises it by one. Of several that raise at the same time one does it for all. Repeated, it
   * raises again: where that is not meant, use {@link #raiseTo}.
   *
   * @return what it did
   * @throws IllegalStateException if it is {@value FencingToken#MAX_GENERATION}; the message says
   *     what to do then
   * @throws OutcomeUnknownException if the answer was lost: read it before raising again
   * @throws BackendRefusedException if the store refused, or if something else than a generation
   *     stands there; nothing was written
   * @throws BackendUnavailableException if the store could not be reached; nothing was written
   * @throws InterruptedException if the thread is interrupted; it may have been raised
   */
  public Raised raise() throws InterruptedException {
    return connected(
        RAISING,
        connection -> {
          int before = GenerationCell.of(connection.get());
          if (before == FencingToken.MAX_GENERATION) {
            throw exhausted();
          }
          return new Raised(before, raiseTo(connection, before + 1).now());
        });
  }

  /**
   * Raises it to at least a number. Repeating it changes nothing more, so whatever went wrong, it
   * can be called again. A restored store may hold an older generation than was used since: give
   * one more than the highest that was ever used.
   *
   * @param least 0 to {@value FencingToken#MAX_GENERATION}
   * @return what it did
   * @throws IllegalArgumentException if {@code least} is out of its range
   * @throws OutcomeUnknownException if the answer was lost
   * @throws BackendRefusedException if the store refused, or if something else than a generation
   *     stands there; nothing was written
   * @throws BackendUnavailableException if the store could not be reached; nothing was written
   * @throws InterruptedException if the thread is interrupted; it may have been raised
   */
  public Raised raiseTo(int least) throws InterruptedException {
    if (least < 0 || least > FencingToken.MAX_GENERATION) {
      throw new IllegalArgumentException(
          "a generation is 0 to " + FencingToken.MAX_GENERATION + ", but this is " + least);
    }
    return connected(RAISING, connection -> raiseTo(connection, least));
  }

  /**
   * Every write is made on condition that the cell is as it was read below {@code least}, so one
   * that arrives late cannot lower anything, and one whose answer was lost can be followed by
   * another.
   */
  private Raised raiseTo(Connection connection, int least) throws InterruptedException {
    Optional<Integer> before = Optional.empty();
    Optional<StoreException> unknown = Optional.empty();
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Optional<Versioned> cell;
      int found;
      try {
        cell = connection.get();
        found = GenerationCell.of(cell);
      } catch (StoreException e) {
        // What became of the write matters more than why nobody can be asked about it.
        throw unknown.isPresent() ? unknown.get() : e;
      }
      before = before.or(() -> Optional.of(found));
      if (found >= least) {
        return new Raised(before.get(), found);
      }
      try {
        if (connection.write(cell, least) instanceof WriteOutcome.Applied) {
          return new Raised(before.get(), least);
        }
      } catch (StoreException e) {
        if (e.outcome() != Outcome.UNKNOWN) {
          throw unknown.isPresent() ? unknown.get() : e;
        }
        unknown = Optional.of(e);
      }
    }
    throw unknown.orElseGet(
        () ->
            new StoreException(
                Outcome.NOT_DONE, "others wrote it each time between a look and a write"));
  }

  private IllegalStateException exhausted() {
    return new IllegalStateException(
        "the generation of namespace '"
            + namespace
            + "' is "
            + FencingToken.MAX_GENERATION
            + ", the last one, and cannot be raised: stop all clients and everything that still has"
            + " a request of theirs on its way, set the marks of the guarded resources back, and"
            + " begin again with a namespace that was never used");
  }

  /** A step that makes requests. */
  @FunctionalInterface
  private interface Step<T> {
    T take(Connection connection) throws InterruptedException;
  }

  private <T> T connected(String doing, Step<T> step) throws InterruptedException {
    ClientSpec spec = new ClientBuilder(backend).requestTimeout(TIMEOUT).spec("tenure-generation");
    try (StoreConnection store = backend.open(spec)) {
      return step.take(new Connection(store, key));
    } catch (StoreException e) {
      throw Failures.ofWrite(doing + " the generation of namespace '" + namespace + "'", e);
    }
  }

  /** The requests, each of which ends within the time-out. */
  private record Connection(StoreConnection store, String key) {
    Optional<Versioned> get() throws InterruptedException {
      try {
        return await(() -> store.get(key));
      } catch (StoreException e) {
        if (e.outcome() == Outcome.REFUSED) {
          throw e;
        }
        // A read that was not answered has changed nothing.
        throw new StoreException(Outcome.NOT_DONE, String.valueOf(e.getMessage()), e);
      }
    }

    WriteOutcome write(Optional<Versioned> found, int generation) throws InterruptedException {
      Expected expected =
          found.map(cell -> Expected.version(cell.version())).orElse(Expected.absent());
      byte[] text = Integer.toString(generation).getBytes(StandardCharsets.UTF_8);
      return await(
          () -> store.write(List.of(new Mutation(key, expected, Optional.of(text), false))));
    }

    private <T> T await(Supplier<CompletionStage<T>> request) throws InterruptedException {
      try {
        return send(request).toCompletableFuture().get(TIMEOUT.toNanos(), TimeUnit.NANOSECONDS);
      } catch (ExecutionException e) {
        throw Calls.storeException(e.getCause() == null ? e : e.getCause());
      } catch (TimeoutException e) {
        throw new StoreException(
            Outcome.UNKNOWN, "the store did not answer within " + Texts.duration(TIMEOUT), e);
      }
    }

    private static <T> CompletionStage<T> send(Supplier<CompletionStage<T>> request) {
      try {
        return request.get();
      } catch (RuntimeException e) {
        throw Calls.storeException(e);
      }
    }
  }
}

package io.tenure.testkit.sim;

import io.tenure.BackendUnavailableException;
import io.tenure.CasResult;
import io.tenure.Cells;
import io.tenure.ClientClosedException;
import io.tenure.EmptyCellException;
import io.tenure.Expected;
import io.tenure.Lease;
import io.tenure.LeaseLostException;
import io.tenure.OutcomeUnknownException;
import io.tenure.Versioned;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/** Swaps cells, unguarded, under a lease, and bound to one; each value is written once. */
final class CellProgram implements Consumer<Simulation> {
  @Override
  public void accept(Simulation sim) {
    Outcomes outcomes = new Outcomes(sim);
    sim.replicas(3, replica -> new Writer(sim, replica, outcomes).next(Optional.empty()));
    sim.atEnd(outcomes::check);
  }

  /** What was said of each value, and which values were seen. */
  private static final class Outcomes {
    private final Simulation sim;
    private final Map<String, Boolean> said = new HashMap<>();
    private final Set<String> seen = new HashSet<>();
    private long values;

    Outcomes(Simulation sim) {
      this.sim = sim;
    }

    String newValue() {
      return "value-" + values++;
    }

    void seen(Optional<Versioned> content) {
      content.ifPresent(cell -> seen.add(cell.text()));
    }

    void said(String value, boolean applied) {
      said.put(value, applied);
      sim.sometimes(applied ? "cells swapped" : "cells not swapped");
    }

    void check() {
      for (String value : seen) {
        sim.require(
            "what was not applied is never seen",
            said.getOrDefault(value, true),
            value + " was said not to be applied, and was seen");
      }
    }
  }

  private static final class Writer {
    private final Simulation sim;
    private final Replica replica;
    private final Outcomes outcomes;
    private Expected expected = Expected.absent();

    Writer(Simulation sim, Replica replica, Outcomes outcomes) {
      this.sim = sim;
      this.replica = replica;
      this.outcomes = outcomes;
    }

    void next(Optional<Lease> lease) {
      replica.after(Duration.ofMillis(replica.random().nextInt(2_000)), () -> act(lease));
    }

    private void act(Optional<Lease> lease) {
      if (replica.isEnding()) {
        lease.ifPresent(Lease::releaseAsync);
        return;
      }
      int choice = replica.random().nextInt(10);
      if (lease.isEmpty() && choice < 3) {
        replica
            .client()
            .lock("cells")
            .tryAcquireAsync(Duration.ofSeconds(5))
            .whenComplete((got, error) -> next(error == null ? got : Optional.empty()));
      } else if (lease.isPresent() && choice < 2) {
        lease.get().releaseAsync();
        next(Optional.empty());
      } else {
        swap(lease, choice % 2 == 0);
      }
    }

    private void swap(Optional<Lease> lease, boolean bound) {
      Cells all = replica.client().cells();
      Cells cells = lease.map(held -> bound ? all.boundTo(held) : all.guardedBy(held)).orElse(all);
      String key = lease.isPresent() && bound ? "bound" : "plain";
      String value = outcomes.newValue();
      CompletableFuture<CasResult> swapped =
          cells.compareAndSwapAsync(key, expected, value.getBytes(StandardCharsets.UTF_8));
      swapped.whenComplete(
          (result, error) -> {
            if (error == null) {
              answered(value, result);
            } else {
              failed(value, error instanceof CompletionException ? error.getCause() : error);
            }
            next(lease);
          });
      all.getAsync("plain")
          .thenAccept(
              content -> {
                outcomes.seen(content);
                expected = content.map(is -> Expected.version(is.version())).orElse(expected);
              });
    }

    private void answered(String value, CasResult result) {
      outcomes.said(value, result.swapped());
      if (result instanceof CasResult.Swapped swapped) {
        expected = Expected.version(swapped.version());
      } else if (result instanceof CasResult.Differs differs) {
        outcomes.seen(Optional.of(differs.current()));
        expected = Expected.version(differs.current().version());
      }
    }

    private void failed(String value, Throwable cause) {
      if (cause instanceof OutcomeUnknownException) {
        sim.sometimes("swaps unknown");
        return;
      }
      sim.require(
          "failures are of the documented kinds",
          cause instanceof EmptyCellException
              || cause instanceof LeaseLostException
              || cause instanceof ClientClosedException
              || cause instanceof BackendUnavailableException,
          "a swap failed with " + cause);
      if (cause instanceof EmptyCellException) {
        expected = Expected.absent();
      }
      outcomes.said(value, false);
    }
  }
}

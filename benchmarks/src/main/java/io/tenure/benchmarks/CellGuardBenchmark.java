package io.tenure.benchmarks;

import io.tenure.CasResult;
import io.tenure.Cells;
import io.tenure.Expected;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A compare-and-swap of a cell, against the same one guarded by a lease; each on its own cell. */
@State(Scope.Thread)
public class CellGuardBenchmark {
  private static final byte[] VALUE = new byte[100];

  /** Which store, on one server. */
  @Param({"memory", "etcd", "zookeeper", "consul"})
  @SuppressWarnings("NullAway.Init") // JMH sets it
  public String store;

  @SuppressWarnings("NullAway.Init") // set in start
  private StartedStore started;

  @SuppressWarnings("NullAway.Init") // set in start
  private Cell plain;

  @SuppressWarnings("NullAway.Init") // set in start
  private Cell guarded;

  /** A cell that nobody else writes. */
  private static final class Cell {
    private final Cells cells;
    private final String key;
    private long version;

    Cell(Cells cells, String key) throws InterruptedException {
      this.cells = cells;
      this.key = key;
      version = swapped(cells.compareAndSwap(key, Expected.absent(), VALUE));
    }

    void write() throws InterruptedException {
      version = swapped(cells.compareAndSwap(key, Expected.version(version), VALUE));
    }

    private static long swapped(CasResult result) {
      if (result instanceof CasResult.Swapped swapped) {
        return swapped.version();
      }
      throw new IllegalStateException("somebody else wrote the cell: " + result);
    }
  }

  /** Starts the store, takes a lock and makes the cells. */
  @Setup
  public void start() throws InterruptedException {
    started = StartedStore.start(store);
    Cells cells = started.client().cells();
    plain = new Cell(cells, "plain");
    guarded = new Cell(cells.guardedBy(started.client().lock("n").acquire()), "guarded");
  }

  /** Stops the store. */
  @TearDown
  public void stop() {
    started.close();
  }

  /** One write of a cell that exists. */
  @Benchmark
  public void compareAndSwap(Pair pair) throws Exception {
    pair.run(plain::write, guarded::write);
  }
}

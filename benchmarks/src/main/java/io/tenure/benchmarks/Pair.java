package io.tenure.benchmarks;

import java.util.stream.LongStream;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * A plain write and its guarded twin, in turns and each first as often as the other: what the
 * machine does besides hits both. JMH reads the medians at the end of each iteration.
 */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.EVENTS)
public class Pair {
  private LongStream.Builder plain = LongStream.builder();
  private LongStream.Builder guarded = LongStream.builder();
  private boolean guardedFirst;

  /** One write from its first statement to the store's answer. */
  interface Write {
    void run() throws Exception;
  }

  /** Forgets the iteration before. */
  @Setup(Level.Iteration)
  public void start() {
    plain = LongStream.builder();
    guarded = LongStream.builder();
  }

  void run(Write plainWrite, Write guardedWrite) throws Exception {
    guardedFirst = !guardedFirst;
    if (guardedFirst) {
      guarded.add(nanos(guardedWrite));
    }
    plain.add(nanos(plainWrite));
    if (!guardedFirst) {
      guarded.add(nanos(guardedWrite));
    }
  }

  private static long nanos(Write write) throws Exception {
    long start = System.nanoTime();
    write.run();
    return System.nanoTime() - start;
  }

  /** Tells what a plain write took; JMH asks once, when the iteration is over. */
  public double plainNanos() {
    return Median.of(plain.build().asDoubleStream().toArray()).value();
  }

  /** Tells what a guarded write took, likewise. */
  public double guardedNanos() {
    return Median.of(guarded.build().asDoubleStream().toArray()).value();
  }
}

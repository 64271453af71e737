package io.tenure.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.openjdk.jmh.runner.options.CommandLineOptions;

/** That the benchmarks run; they measure nothing here. */
class GuardCostsTest {
  @Test
  void aBenchmarkOfCellsRunsAndHasARow() throws Exception {
    assertThat(rowOf("CellGuardBenchmark -p store=memory"))
        .startsWith("| compareAndSwap, store memory | ");
  }

  @Test
  void aBenchmarkOnPostgresRunsAndHasARow() throws Exception {
    assertThat(rowOf("JdbcGuardBenchmark.admitOnce -p synchronousCommit=off"))
        .startsWith("| admitOnce, synchronousCommit off | ");
  }

  private static String rowOf(String which) throws Exception {
    String once = " -f 0 -wi 0 -i 1 -r 10ms -v SILENT";
    String table = GuardCosts.table(new CommandLineOptions((which + once).split(" ")));
    assertThat(table).startsWith(CostRow.HEADER).doesNotContain("NaN", "Infinity");
    return table.substring(CostRow.HEADER.length());
  }

  @Test
  void theMedianLiesWithinItsInterval() {
    double[] figures = new double[99];
    for (int i = 0; i < figures.length; i++) {
      figures[i] = figures.length - i;
    }
    assertThat(Median.of(figures)).isEqualTo(new Median(37, 50, 63));
  }

  @Test
  void theMedianOfAFewFiguresHasTheirRangeAsItsInterval() {
    assertThat(Median.of(3, 1, 2, 7)).isEqualTo(new Median(1, 2.5, 7));
    assertThat(Median.of(4).value()).isCloseTo(4, within(0.0));
  }
}

package io.tenure.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class ExamplesTest {
  @FunctionalInterface
  private interface Program {
    void main(String... args) throws Exception;
  }

  @Test
  void aSingletonTaskRunsWhileItsReplicaLeads() throws Exception {
    assertThat(printedBy(SingletonTaskExample::main))
        .containsSubsequence("rebuilding the reports", "rebuilding the reports", "shutting down");
  }

  @Test
  void aLockIsHeldWhileItsLeaseIsOpen() throws Exception {
    assertThat(printedBy(LockExample::main)).contains("transferring under 'accounts/42'");
  }

  @Test
  void aLockThatIsHeldIsAnEmptyAnswer() throws Exception {
    assertThat(printedBy(TryLockExample::main))
        .containsSubsequence("busy: accounts/42", "acquired at once");
  }

  @Test
  void aWriteOfAFormerHolderIsRefusedByTheDatabase() throws Exception {
    assertThat(printedBy(GuardedWriteExample::main).lines().map(line -> line.split(",|:")[0]))
        .containsExactly("debited", "debited", "refused");
  }

  @Test
  void anObserverSeesNobodyAndThenTheLeaderWithItsMetadata() throws Exception {
    assertThat(printedBy(ObserveExample::main))
        .containsSubsequence("nobody leads", "billing-3 leads at 10.0.0.3:8080");
  }

  @Test
  void aLockIsAcquiredWithoutABlockedThread() throws Exception {
    assertThat(printedBy(AsyncLockExample::main)).contains("billing under 'invoices/7'");
  }

  @Test
  void aHoldForALimitedTimeEndsTheWorkThatDoesNotFit() throws Exception {
    assertThat(printedBy(AtMostForExample::main))
        .containsSubsequence("working for longer than allowed", "interrupted: AT_MOST_ELAPSED");
  }

  @Test
  void aCellIsWrittenOnlyIfItStillHoldsWhatWasRead() throws Exception {
    assertThat(printedBy(CellExample::main)).contains("first swap: true, second: the cell holds 2");
  }

  @Test
  void severalCellsAreWrittenTogetherOrNotAtAll() throws Exception {
    assertThat(printedBy(SeveralCellsExample::main).lines())
        .startsWith("moved")
        .anyMatch(line -> line.matches("nothing was moved: accounts/4[23] holds (900|100)"));
  }

  @Test
  void anExampleRunsOnTheStoreThatIsItsArgument() throws Exception {
    try (RunningStore store = EmbeddedZooKeeper.start()) {
      assertThat(printedBy(args -> LockExample.main(store.uri())))
          .contains("transferring under 'accounts/42'");
    }
  }

  private static String printedBy(Program program) throws Exception {
    PrintStream before = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      program.main();
    } finally {
      System.setOut(before);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }
}

package io.tenure.examples;

import static io.tenure.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.testkit.server.NeedsStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 5, unit = TimeUnit.MINUTES)
@NeedsStore("zookeeper")
final class DrillTest {
  private static final Pattern PROCESS = Pattern.compile("process (\\d+)");
  private static final int SIGTERM_EXIT_CODE = 143;

  @TempDir private Path temporary;

  @Test
  void everyCheckPassesAndNothingIsLeftBehind() throws IOException, InterruptedException {
    try (ChildJvm drill = start("--ttl", "3s")) {
      assertThat(drill.exitCode()).as(drill.output()).isZero();
      assertThat(drill.output())
          .contains("REFUSED it")
          .contains("All 11 checks passed.")
          .doesNotContain("FAIL");
      assertThat(replicas(drill)).hasSize(4).noneMatch(DrillTest::isRunning);
      assertThat(temporary).isEmptyDirectory();
    }
  }

  @Test
  void withoutTheGuardTheLateWriteLandsAndTheChecksSaySo()
      throws IOException, InterruptedException {
    try (ChildJvm drill = start("--ttl", "3s", "--unguarded")) {
      assertThat(drill.exitCode()).as(drill.output()).isEqualTo(1);
      assertThat(drill.output())
          .contains("LATE WRITE LANDED")
          .contains("FAIL  the late write of replica-")
          .contains("FAIL  the ledger's tokens go back")
          .contains("2 of 11 checks failed.");
    }
  }

  @Test
  void aDrillThatIsInterruptedTakesEverythingWithIt() throws IOException, InterruptedException {
    try (ChildJvm drill = start("--ttl", "3s")) {
      drill.awaitOutput("FROZEN");
      drill.handle().destroy();
      assertThat(drill.exitCode()).as(drill.output()).isEqualTo(SIGTERM_EXIT_CODE);
      assertThat(replicas(drill)).hasSize(4).noneMatch(DrillTest::isRunning);
      assertThat(temporary).isEmptyDirectory();
    }
  }

  @Test
  void theReplicasOfAKilledDrillEndByThemselvesEvenTheFrozenOne() throws IOException {
    try (ChildJvm drill = start("--ttl", "3s")) {
      drill.awaitOutput("FROZEN");
      drill.handle().destroyForcibly();
      eventually(ChildJvm.BOUND, () -> assertThat(replicas(drill)).noneMatch(DrillTest::isRunning));
    }
  }

  @Test
  void credentialsInTheUriAreRefusedAndNotRepeated() throws IOException, InterruptedException {
    try (ChildJvm drill = start("--store", "etcd://root:canary@127.0.0.1:2379")) {
      assertThat(drill.exitCode()).isEqualTo(2);
      assertThat(drill.output())
          .contains("drill: a store's URI must not have credentials in it")
          .contains("EtcdBackend.builder")
          .doesNotContain("canary");
    }
  }

  @Test
  void anUnknownOptionIsRefusedWithASentence() throws IOException, InterruptedException {
    try (ChildJvm drill = start("--tll", "3s")) {
      assertThat(drill.exitCode()).isEqualTo(2);
      assertThat(drill.output())
          .isEqualTo("drill: there is no option '--tll'; --help lists those that there are");
    }
  }

  @Test
  void aTtlThatTheStoreDoesNotAllowIsRefusedWithItsRange()
      throws IOException, InterruptedException {
    try (ChildJvm drill = start("--ttl", "1ms")) {
      assertThat(drill.exitCode()).as(drill.output()).isEqualTo(2);
      assertThat(drill.output()).contains("drill: a TTL on ZooKeeper is");
      assertThat(temporary).isEmptyDirectory();
    }
  }

  @Test
  void aStoreThatDoesNotAnswerIsAFailureAndNotAWait() throws IOException, InterruptedException {
    try (ChildJvm drill = start("--store", "zookeeper://127.0.0.1:1")) {
      assertThat(drill.exitCode()).isEqualTo(1);
      assertThat(drill.output()).contains("FAIL  ").contains("did not answer");
    }
  }

  private ChildJvm start(String... args) throws IOException {
    return ChildJvm.start(temporary, Drill.class, args);
  }

  private static List<Long> replicas(ChildJvm drill) {
    return PROCESS
        .matcher(drill.output())
        .results()
        .map(found -> Long.valueOf(found.group(1)))
        .toList();
  }

  /** A process that has ended, and whose end nobody has asked for, has no command any more. */
  private static boolean isRunning(long pid) {
    return ProcessHandle.of(pid).flatMap(process -> process.info().command()).isPresent();
  }
}

package io.tenure.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.testkit.server.NeedsStore;
import io.tenure.testkit.server.Servers;
import io.tenure.testkit.server.StoreCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The programs on every store. They run at the same time, since they mostly wait for a time to
 * live; it is the shortest that Consul takes, and so long enough for the others in such company.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class StoresSideBySideTest {
  @TempDir private Path temporary;

  @Test
  @NeedsStore("etcd")
  @Execution(ExecutionMode.CONCURRENT)
  void theDrillPassesOnAnEtcdClusterThatRunsAlready() throws IOException, InterruptedException {
    try (StoreCluster etcd = Servers.etcd().unsafeNoFsync().startCluster(3)) {
      String uri = "etcd://" + etcd.addresses();
      assertThatTheDrillPasses("Store: " + uri + ". TTL", "--store", uri, "--ttl", "10s");
    }
  }

  @Test
  @NeedsStore("consul")
  @Execution(ExecutionMode.CONCURRENT)
  void theDrillPassesOnAConsulThatItStarts() throws IOException, InterruptedException {
    assertThatTheDrillPasses("Store: consul://127.0.0.1:", "--start", "consul");
  }

  @Test
  @NeedsStore("zookeeper")
  @Execution(ExecutionMode.CONCURRENT)
  void theDrillPassesOnAZooKeeperThatItStarts() throws IOException, InterruptedException {
    assertThatTheDrillPasses(
        "Store: zookeeper://127.0.0.1:", "--start", "zookeeper", "--ttl", "10s");
  }

  @Test
  @NeedsStore("etcd")
  @Execution(ExecutionMode.CONCURRENT)
  void theOutagesAreMeasuredAndPrintedAsATable() throws IOException, InterruptedException {
    try (ChildJvm measurement =
        ChildJvm.start(
            temporary, Availability.class, "--stores", "etcd", "--runs", "1", "--ttl", "10s")) {
      assertThat(measurement.exitCode()).as(measurement.output()).isZero();
      assertThat(measurement.output().lines().filter(line -> line.startsWith("| etcd | 10 s | ")))
          .as(measurement.output())
          .satisfiesExactly(
              line -> assertThat(line).contains("| clean stop | 1 | "),
              line -> assertThat(line).contains("| SIGKILL | 1 | "),
              line -> assertThat(line).contains("| SIGSTOP | 1 | "),
              line -> assertThat(line).contains("killed: nobody leads | 1 | "),
              line -> assertThat(line).contains("killed: nothing is acquired | 1 | "),
              line -> assertThat(line).contains("killed: what was asked then is acquired | 1 | "));
    }
  }

  private void assertThatTheDrillPasses(String store, String... options)
      throws IOException, InterruptedException {
    try (ChildJvm drill = ChildJvm.start(temporary, Drill.class, options)) {
      assertThat(drill.exitCode()).as(drill.output()).isZero();
      assertThat(drill.output())
          .contains(store, "REFUSED it", "All 11 checks passed.")
          .doesNotContain("FAIL");
      assertThat(temporary).isEmptyDirectory();
    }
  }
}

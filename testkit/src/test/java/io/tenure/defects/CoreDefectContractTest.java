package io.tenure.defects;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.testkit.server.NeedsStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract alone, without simulation, finds a core with a defect. */
@NeedsStore("memory")
class CoreDefectContractTest {
  private static final int AT_LEAST = 15;

  /** They mostly wait. */
  private static final int SIDE_BY_SIDE = 4;

  /**
   * Where a test must fail, it need not be patient until it does; where it would pass if a defect
   * showed too late, it looks longer than usual. So what is slow here cannot hide a defect. Without
   * a defect the contract runs as it is.
   */
  private static final List<Change> TEMPER =
      List.of(
          temper("Eventually", "BOUND = Duration.ofSeconds(20)", "BOUND = Duration.ofSeconds(2)"),
          temper("ContractGroup", "Duration.ofMillis(150)", "Duration.ofMillis(2_000)"),
          temper(
              "RegressionContract",
              "late = Duration.ofSeconds(1)",
              "late = Duration.ofSeconds(6)"));

  private static List<Throwable> withoutDefects;
  private static Map<CoreDefect, List<Throwable>> withDefects;

  private static Change temper(String name, String find, String replacement) {
    return new Change("testkit", "io/tenure/testkit/" + name + ".java", find, replacement);
  }

  static List<CoreDefect> defectsThatTheContractShows() {
    return CoreDefect.all().stream().filter(defect -> defect.contract().isPresent()).toList();
  }

  private static String test(CoreDefect defect) {
    return defect.contract().orElseThrow();
  }

  /** First without a defect, so that no thread that one of them left is anybody else's. */
  @BeforeAll
  @Timeout(value = 15, unit = TimeUnit.MINUTES)
  static void runTheContract() {
    List<CoreDefect> defects = defectsThatTheContractShows();
    withoutDefects =
        ContractRun.failures(
            Map.of(), defects.stream().map(CoreDefectContractTest::test).distinct().toList());
    Map<String, byte[]> temper = Compiled.changed(TEMPER);
    ExecutorService executor = Executors.newFixedThreadPool(SIDE_BY_SIDE);
    try {
      Map<CoreDefect, CompletableFuture<List<Throwable>>> running =
          defects.stream()
              .collect(
                  Collectors.toMap(
                      defect -> defect,
                      defect ->
                          CompletableFuture.supplyAsync(() -> failures(defect, temper), executor)));
      withDefects = new HashMap<>();
      running.forEach((defect, failures) -> withDefects.put(defect, failures.join()));
    } finally {
      executor.shutdown();
    }
  }

  private static List<Throwable> failures(CoreDefect defect, Map<String, byte[]> temper) {
    Map<String, byte[]> changed = new HashMap<>(temper);
    changed.putAll(Compiled.changed(List.of(defect.change())));
    return ContractRun.failures(changed, List.of(test(defect)));
  }

  @Test
  void theContractPassesWithoutADefect() {
    assertThat(withoutDefects).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("defectsThatTheContractShows")
  void isCaughtByAnAssertionOfTheTestThatIsMeantForIt(CoreDefect defect) {
    String method = test(defect).split("\\.")[1];
    List<Throwable> failures = withDefects.get(defect);
    System.out.println(defect + " is caught by " + failures);

    assertThat(failures)
        .anySatisfy(
            failure -> {
              assertThat(failure).isInstanceOf(AssertionError.class);
              // And not of what is looked at after every test.
              assertThat(failure.getStackTrace())
                  .extracting(StackTraceElement::getMethodName)
                  .contains(method);
            });
  }

  @Test
  void theContractAloneCatchesManyDefects() {
    assertThat(defectsThatTheContractShows()).hasSizeGreaterThanOrEqualTo(AT_LEAST);
  }
}

package io.tenure.defects;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedMethod;

import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs tests of the contract on the store in memory, inside a {@link Twin}.
 *
 * <p>That backend depends on the test kit, so it cannot be a dependency here; it is compiled from
 * its sources.
 */
final class ContractRun {
  private static final Path BACKEND = Change.PROJECT.resolve("backend-inmemory/src");
  private static final Path TESTS = BACKEND.resolve("test/java/io/tenure/inmemory");

  private static final Map<String, byte[]> STORE =
      Compiled.files(
          List.of(
              BACKEND.resolve("main/java"),
              TESTS.resolve("InMemoryFixture.java"),
              TESTS.resolve("InMemoryContractTest.java")));

  private ContractRun() {}

  /**
   * Runs some tests.
   *
   * @param changed the classes that are not as in the class path
   * @param tests each by its group and method
   * @return what those that failed said
   */
  static List<Throwable> failures(Map<String, byte[]> changed, List<String> tests) {
    Map<String, byte[]> others = new HashMap<>(STORE);
    others.putAll(changed);
    Twin twin = new Twin(others);
    Ends ends = new Ends();
    launcher()
        .execute(
            LauncherDiscoveryRequestBuilder.request()
                .selectors(tests.stream().map(test -> selector(twin, test)).toList())
                .build(),
            ends);
    if (ends.count.get() < tests.size()) {
      throw new IllegalStateException(ends.count + " tests were run of " + tests);
    }
    return ends.failures;
  }

  private static Launcher launcher() {
    return LauncherFactory.create(
        LauncherConfig.builder()
            .enableLauncherDiscoveryListenerAutoRegistration(false)
            .enableLauncherSessionListenerAutoRegistration(false)
            .enablePostDiscoveryFilterAutoRegistration(false)
            .enableTestExecutionListenerAutoRegistration(false)
            .build());
  }

  private static DiscoverySelector selector(Twin twin, String test) {
    String[] parts = test.split("\\.");
    try {
      Class<?> contract = twin.loadClass("io.tenure.inmemory.InMemoryContractTest");
      Class<?> group = twin.loadClass("io.tenure.testkit.BackendContract$" + parts[0]);
      Method method =
          Arrays.stream(group.getSuperclass().getDeclaredMethods())
              .filter(declared -> declared.getName().equals(parts[1]))
              .findFirst()
              .orElseThrow(() -> new IllegalStateException("the contract has no test " + test));
      return selectNestedMethod(List.of(contract), group, method);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("the contract has no test " + test, e);
    }
  }

  /** Counts tests, and keeps what failed: of a test, or of what is around it. */
  private static final class Ends implements TestExecutionListener {
    private final AtomicInteger count = new AtomicInteger();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      if (test.isTest()) {
        count.incrementAndGet();
      }
      result.getThrowable().ifPresent(failures::add);
    }
  }
}

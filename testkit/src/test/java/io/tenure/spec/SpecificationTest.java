package io.tenure.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks the specifications in {@code docs/spec} with TLC, two configurations at a time. */
@Timeout(600)
class SpecificationTest {
  private static final Map<String, Future<Tlc.Result>> results = new HashMap<>();
  private static final ExecutorService pair = Executors.newFixedThreadPool(2);

  @BeforeAll
  static void start() {
    for (Configuration configuration : Configuration.ALL) {
      results.put(configuration.name(), pair.submit(() -> Tlc.run(configuration.name())));
    }
  }

  @AfterAll
  static void stop() {
    pair.shutdownNow();
  }

  static List<Configuration> thatMustHold() {
    return Configuration.ALL.stream().filter(Configuration::mustHold).toList();
  }

  static List<Configuration> thatMustFail() {
    return Configuration.ALL.stream().filter(c -> !c.mustHold()).toList();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("thatMustHold")
  void whatMustHoldHoldsInEveryStateOfAModelThatHasNotShrunk(Configuration configuration)
      throws Exception {
    Tlc.Result result = results.get(configuration.name()).get();

    assertThat(result.violated()).as("%s: %s", configuration, result.output()).isEmpty();
    assertThat(result.states()).as("%s: %s", configuration, result.output()).isPresent();
    assertThat(result.states().getAsLong())
        .as("distinct states of " + configuration.name())
        .isGreaterThanOrEqualTo(configuration.states());
    assertThat(result.witnesses())
        .as("what happens in " + configuration.name())
        .containsAll(configuration.witnesses());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("thatMustFail")
  void whatMustFailFailsByTheExpectedProperty(Configuration configuration) throws Exception {
    Tlc.Result result = results.get(configuration.name()).get();

    assertThat(result.violated())
        .as("%s: %s", configuration, result.output())
        .containsExactly(configuration.violated());
    assertThat(result.states()).as("%s: %s", configuration, result.output()).isEmpty();
  }
}

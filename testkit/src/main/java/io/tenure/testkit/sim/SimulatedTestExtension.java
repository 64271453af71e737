package io.tenure.testkit.sim;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/** Runs the method of a {@link SimulatedTest} once for each seed instead of once. */
final class SimulatedTestExtension implements InvocationInterceptor, ParameterResolver {
  private static final String SCHEDULES = "tenure.sim.schedules";
  private static final String SEED = "tenure.sim.seed";

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Simulation.class
        && parameter.getDeclaringExecutable().isAnnotationPresent(SimulatedTest.class);
  }

  /** The present schedule; there is none yet in JUnit's own call, which is left out. */
  @Override
  public @Nullable Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return store(context).get(Simulation.class);
  }

  private static ExtensionContext.Store store(ExtensionContext context) {
    return context.getStore(ExtensionContext.Namespace.create(SimulatedTestExtension.class));
  }

  @Override
  public void interceptTestMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> called,
      ExtensionContext context) {
    invocation.skip();
    Method method = called.getExecutable();
    if (!List.of(method.getParameterTypes()).contains(Simulation.class)) {
      throw new ExtensionConfigurationException(
          "a @SimulatedTest takes a Simulation, but " + method.getName() + " does not");
    }
    SimulatedTest asked = method.getAnnotation(SimulatedTest.class);
    Optional<Integer> count = parameter(context, SCHEDULES, Integer::valueOf);
    Optional<Long> seed = parameter(context, SEED, Long::valueOf);
    Map<String, Long> counts =
        run(
            schedules(asked, count.orElse(asked.schedules()), seed.orElse(asked.firstSeed())),
            method,
            context);
    if (count.isEmpty() && seed.isEmpty()) {
      requireAll(asked.sometimes(), counts);
    }
    Map<String, String> report = new TreeMap<>();
    counts.forEach((what, times) -> report.put(what, String.valueOf(times)));
    context.publishReportEntry(report);
  }

  private static <T> Optional<T> parameter(
      ExtensionContext context, String name, Function<String, T> number) {
    return context
        .getConfigurationParameter(name)
        .map(
            text -> {
              try {
                return number.apply(text.strip());
              } catch (NumberFormatException e) {
                throw new ExtensionConfigurationException(
                    name + " is a whole number, but this is '" + text + "'", e);
              }
            });
  }

  private static Schedules schedules(SimulatedTest asked, int count, long seed) {
    Schedules schedules =
        Schedules.of(count)
            .from(seed)
            .with(setup -> setup.lasting(Duration.ofSeconds(asked.lastingSeconds())));
    if (asked.profiles().length > 0) {
      schedules = schedules.on(asked.profiles());
    }
    if (asked.faults().length > 0) {
      schedules = schedules.with(setup -> setup.allowing(Set.of(asked.faults())));
    }
    if (asked.onlyFaults().length > 0) {
      schedules = schedules.with(setup -> setup.onlyFaults(asked.onlyFaults()));
    }
    return schedules;
  }

  private static Map<String, Long> run(
      Schedules schedules, Method method, ExtensionContext context) {
    try {
      return schedules.run(
          sim -> {
            store(context).put(Simulation.class, sim);
            context.getExecutableInvoker().invoke(method, context.getRequiredTestInstance());
          });
    } catch (SimulationFailure failure) {
      throw failure.seenAgainBy(
          String.format(
              "-D%s=%d -D%s=1%n     or: @SimulatedTest(firstSeed = %dL, schedules = 1,"
                  + " onlyFaults = {%s}, …)",
              SEED, failure.seed(), SCHEDULES, failure.seed(), failure.indexes()));
    }
  }

  private static void requireAll(String[] sometimes, Map<String, Long> counts) {
    for (String what : sometimes) {
      if (!counts.containsKey(what)) {
        throw new AssertionError("'" + what + "' never happened, only " + counts);
      }
    }
  }
}

package io.tenure.fencing;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.FencingToken;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random delays, duplicates and changes of the holder, compared with a model step by step. */
class InMemoryFencingGuardModelTest {
  private static final int SCHEDULES = 35_000;
  private static final int DELIVERIES = 8;
  private static final int STEPS = 50_000;
  private static final int RESOURCES = 3;
  private static final int THREADS = 8;

  private record Request(String resource, long token) {}

  /** A receiver whose guard outlives a write that throws. */
  private static final class InMemory implements FencingSchedule.Guard {
    private static final class Crash extends RuntimeException {}

    private final InMemoryFencingGuard guard = new InMemoryFencingGuard();

    @Override
    public Optional<Admission> deliver(FencingSchedule.Request request, Runnable write) {
      Runnable effect =
          () -> {
            write.run();
            if (request.crashes()) {
              throw new Crash();
            }
          };
      try {
        return Optional.of(admit(request, effect));
      } catch (Crash e) {
        return Optional.of(Admission.APPLY);
      } catch (StaleTokenException e) {
        return Optional.empty();
      }
    }

    private Admission admit(FencingSchedule.Request request, Runnable effect) {
      if (request.sequence() > 0) {
        return guard.admitOnce("resource", request.token(), request.sequence(), effect);
      }
      return guard.admit(
          "resource",
          request.token(),
          () -> {
            effect.run();
            return Admission.APPLY;
          });
    }

    @Override
    public boolean forgetsCrashed() {
      return false;
    }
  }

  /** Two that are always the same, and one that nobody has tried; the test's name shows it. */
  static LongStream seeds() {
    return LongStream.of(1, 2, System.nanoTime());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void admitsAndRefusesWhatTheModelDoes(long seed) throws Exception {
    SplittableRandom seeds = new SplittableRandom(seed);
    int refused = 0;
    int repeated = 0;
    for (int i = 0; i < SCHEDULES; i++) {
      FencingSchedule schedule = new FencingSchedule(seeds.nextLong(), new InMemory());
      schedule.run(DELIVERIES);
      refused += schedule.refused;
      repeated += schedule.repeated;
    }
    assertThat(refused).isGreaterThan(SCHEDULES / 10);
    assertThat(repeated).isGreaterThan(SCHEDULES / 10);
  }

  /* The lists are not thread-safe: only the guard's lock keeps them whole. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void appliesInTokenOrderWhateverTheThreadsDo(long seed) throws Exception {
    InMemoryFencingGuard guard = new InMemoryFencingGuard();
    Map<String, List<Long>> applied = new HashMap<>();
    for (int i = 0; i < RESOURCES; i++) {
      applied.put("resource-" + i, new ArrayList<>());
    }
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      SplittableRandom random = new SplittableRandom(seed);
      List<Future<Integer>> admitted = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        SplittableRandom own = random.split();
        admitted.add(threads.submit(() -> contend(guard, applied, own)));
      }
      int total = 0;
      for (Future<Integer> one : admitted) {
        total += one.get(20, TimeUnit.SECONDS);
      }
      assertThat(applied.values()).allSatisfy(tokens -> assertThat(tokens).isSorted());
      assertThat(applied.values().stream().mapToInt(List::size).sum()).isEqualTo(total);
    } finally {
      threads.shutdownNow();
    }
  }

  /*
   * Tokens rise with the step and are off by a few, so that threads overtake each other, and the
   * writes give way in the middle, so that they do it there.
   */
  @SuppressWarnings("ThreadPriorityCheck")
  private static int contend(
      InMemoryFencingGuard guard, Map<String, List<Long>> applied, SplittableRandom random) {
    int admitted = 0;
    for (int step = 1; step <= STEPS / THREADS; step++) {
      Request request =
          new Request("resource-" + random.nextInt(RESOURCES), step + random.nextInt(20));
      List<Long> log = applied.get(request.resource);
      try {
        guard.admit(
            request.resource,
            FencingToken.of(request.token),
            () -> {
              Thread.yield();
              return log.add(request.token);
            });
        admitted++;
      } catch (StaleTokenException e) {
        assertThat(e.highWaterMark().value()).isGreaterThan(request.token);
      }
    }
    return admitted;
  }
}

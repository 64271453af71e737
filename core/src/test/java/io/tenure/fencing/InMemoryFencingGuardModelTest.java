package io.tenure.fencing;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.FencingToken;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
  private static final int STEPS = 50_000;
  private static final int RESOURCES = 3;
  private static final int THREADS = 8;

  /** What a guard is, in ten lines. */
  private static final class Model {
    private final Map<String, Long> marks = new HashMap<>();

    boolean admits(Request request) {
      if (request.token < marks.getOrDefault(request.resource, 0L)) {
        return false;
      }
      marks.put(request.resource, request.token);
      return true;
    }
  }

  private record Request(String resource, long token) {}

  /** A guard, its model, and the requests on their way to both. */
  private static final class World {
    final InMemoryFencingGuard guard = new InMemoryFencingGuard();
    final Model model = new Model();
    final long[] newest = new long[RESOURCES];
    final List<Request> inFlight = new ArrayList<>();
    final Map<String, Long> lastApplied = new HashMap<>();
    final SplittableRandom random;
    int admitted;
    int refused;

    World(long seed) {
      random = new SplittableRandom(seed);
    }

    void step() {
      int resource = random.nextInt(RESOURCES);
      switch (random.nextInt(8)) {
        case 0 -> newest[resource] += 1 + random.nextInt(3);
        case 1, 2, 3 -> send(resource);
        default -> deliver();
      }
    }

    private void send(int resource) {
      if (newest[resource] > 0) {
        inFlight.add(new Request("resource-" + resource, newest[resource]));
      }
    }

    private void deliver() {
      if (inFlight.isEmpty()) {
        return;
      }
      int which = random.nextInt(inFlight.size());
      boolean duplicated = random.nextInt(10) == 0;
      Request request = duplicated ? inFlight.get(which) : inFlight.remove(which);

      boolean byGuard = apply(request);
      boolean byModel = model.admits(request);
      assertThat(byGuard).as("%s admitted", request).isEqualTo(byModel);
      assertThat(guard.highWaterMark(request.resource).map(FencingToken::value))
          .contains(model.marks.get(request.resource));
      if (byGuard) {
        admitted++;
      } else {
        refused++;
      }
    }

    private boolean apply(Request request) {
      FencingToken token = FencingToken.of(request.token);
      try {
        switch (random.nextInt(4)) {
          case 0 -> guard.seal(request.resource, token);
          case 1 -> guard.admit(request.resource, token);
          case 2 -> applyAndFail(request, token);
          default -> guard.admit(request.resource, token, () -> write(request));
        }
        return true;
      } catch (StaleTokenException e) {
        return false;
      }
    }

    private void applyAndFail(Request request, FencingToken token) {
      IllegalStateException planned = new IllegalStateException("the write fails");
      try {
        guard.admit(
            request.resource,
            token,
            () -> {
              write(request);
              throw planned;
            });
      } catch (IllegalStateException e) {
        assertThat(e).isSameAs(planned);
      }
    }

    private long write(Request request) {
      long before = lastApplied.getOrDefault(request.resource, 0L);
      assertThat(request.token).as("applied after token %d", before).isGreaterThanOrEqualTo(before);
      lastApplied.put(request.resource, request.token);
      return before;
    }
  }

  /** Four that are always the same, and one that nobody has tried; the test's name shows it. */
  static LongStream seeds() {
    return LongStream.of(1, 2, 3, 4, System.nanoTime());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void admitsAndRefusesWhatTheModelDoes(long seed) {
    World world = new World(seed);
    for (int step = 0; step < STEPS; step++) {
      world.step();
    }
    assertThat(world.admitted).isGreaterThan(STEPS / 100);
    assertThat(world.refused).isGreaterThan(STEPS / 100);
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

package io.tenure.testkit.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** Draws the faults of a schedule: first a mix of kinds, then some faults of that mix. */
final class FaultPlan {
  private static final int MOST = 14;

  private FaultPlan() {}

  static List<PlannedFault> draw(
      SplittableRandom random, Set<FaultKind> allowed, int seats, Duration until) {
    // Each seed leaves half of the kinds out, so that the rare ones are not drowned by the others.
    List<FaultKind> mix =
        new ArrayList<>(allowed.stream().sorted().filter(kind -> random.nextBoolean()).toList());
    // With a clock that goes wrong, little can be promised: most seeds have none.
    if (random.nextInt(4) > 0 && FaultKind.withinAssumptions().stream().anyMatch(mix::contains)) {
      mix.retainAll(FaultKind.withinAssumptions());
    }
    if (mix.isEmpty()) {
      mix.addAll(allowed);
    }
    int count = random.nextInt(MOST + 1);
    // What goes wrong for one process at a time seldom adds up: mostly they have one victim.
    int victim = random.nextInt(seats);
    List<PlannedFault> faults = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      faults.add(one(random, mix.get(random.nextInt(mix.size())), seats, victim, until));
    }
    faults.sort(Comparator.comparing(PlannedFault::at));
    return faults;
  }

  private static PlannedFault one(
      SplittableRandom random, FaultKind kind, int seats, int victim, Duration until) {
    long atNanos = random.nextLong(until.toNanos());
    // Mostly short, sometimes longer than any time to live.
    double length = Math.pow(random.nextDouble(), 2) * 40e9 + 1e6;
    long lastsNanos = Math.min((long) length, until.toNanos() - atNanos);
    return new PlannedFault(
        kind,
        Duration.ofNanos(atNanos),
        Duration.ofNanos(lastsNanos),
        random.nextInt(5) < 3 ? victim : random.nextInt(seats),
        random.nextDouble());
  }
}

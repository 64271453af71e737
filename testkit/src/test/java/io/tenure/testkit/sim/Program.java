package io.tenure.testkit.sim;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Every recipe joins here, with a program that uses it and checks what only it promises. */
enum Program {
  LOCK(
      27,
      LockProgram::new,
      "grants in a local queue",
      "guarded writes",
      "refusals at the guard",
      "lost: AT_MOST_ELAPSED"),
  LATCH(29, LatchProgram::new, "turns released", "turns lost", "observers up to date"),
  CELLS(36, CellProgram::new, "cells swapped", "cells not swapped", "swaps unknown"),
  // A schedule of these takes two to four times as long: they hand over between threads.
  TASK(
      6,
      TaskProgram::new,
      "tasks interrupted",
      "tasks that throw",
      "tasks that saw the end",
      "releases after work that took time to stop",
      "releases while work goes on"),
  BLOCKING(
      2, BlockingProgram::new, "grants in a local queue", "threads interrupted", "outages told");

  private static final int FEWEST = 200;
  private static final Duration SHORT = Duration.ofSeconds(20);
  private static final int ONE_IS_LONG_OF = 5;

  private final int percent;
  private final Supplier<Consumer<Simulation>> program;
  private final List<String> sometimes;

  Program(int percent, Supplier<Consumer<Simulation>> program, String... sometimes) {
    this.percent = percent;
    this.program = program;
    this.sometimes = List.of(sometimes);
  }

  /** What should happen in some of its schedules. */
  List<String> sometimes() {
    return sometimes;
  }

  /** Its part of some number of schedules, on each store; enough to see everything happen. */
  long share(long schedules) {
    return Math.max(FEWEST, schedules * percent / 100 / StoreProfile.values().length);
  }

  /** A new one, for one schedule. */
  Consumer<Simulation> begin() {
    return program.get();
  }

  /** Most schedules have 20 s of faults; every fifth has a minute, for what takes its time. */
  static Setup setup(StoreProfile profile, long seed) {
    Setup usual = Simulation.on(profile);
    return Math.floorMod(seed, ONE_IS_LONG_OF) == 0 ? usual : usual.lasting(SHORT);
  }
}

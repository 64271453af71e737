package io.tenure.testkit.sim;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One schedule of a program, with the least faults that make it fail, and the command that runs it
 * again.
 *
 * @param faults as a failure lists them: -1 if it takes none
 */
record Rerun(Program program, StoreProfile profile, long seed, List<Integer> faults) {
  private static final Pattern FORM =
      Pattern.compile("([A-Z]+)/([A-Z]+)/(\\d+)/(-1|\\d+(?:,\\d+)*)");

  /** Reads what {@link #toString} writes. */
  static Rerun of(String text) {
    Matcher parts = FORM.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "a schedule is PROGRAM/STORE/seed/fault,fault like LOCK/ETCD/5176/0,3, but this is '"
              + text
              + "'");
    }
    return new Rerun(
        Program.valueOf(parts.group(1)),
        StoreProfile.valueOf(parts.group(2)),
        Long.parseLong(parts.group(3)),
        Arrays.stream(parts.group(4).split(",")).map(Integer::valueOf).toList());
  }

  String command() {
    return "mvn -q -Psimulation -pl testkit -am package -Dtenure.sim.again=" + this;
  }

  /** Runs it; a failure is thrown as it was the first time. */
  SimulationResult run() {
    return Program.setup(profile, seed)
        .onlyFaults(faults.stream().mapToInt(Integer::intValue).toArray())
        .run(seed, program.begin());
  }

  @Override
  public String toString() {
    return program
        + "/"
        + profile
        + "/"
        + seed
        + "/"
        + faults.stream().map(String::valueOf).collect(Collectors.joining(","));
  }
}

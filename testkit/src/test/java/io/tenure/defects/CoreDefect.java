package io.tenure.defects;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A realistic defect inside the core, and who is meant to catch it.
 *
 * @param name how tests and documents call it
 * @param change what makes it
 * @param schedules the simulation that catches it; empty if none can
 * @param contract the test of the contract that catches it, by group and method; empty if none does
 */
record CoreDefect(
    String name, Change change, Optional<Schedules> schedules, Optional<String> contract) {

  /**
   * Where the simulation finds a defect.
   *
   * @param program the program that is run
   * @param profile the store
   * @param faults those that bring it out; the others would only make the search longer
   * @param checks those that may fail
   */
  record Schedules(String program, String profile, Set<String> faults, Set<String> checks) {}

  static List<CoreDefect> all() {
    return Stream.of(SessionDefects.ALL, QueueDefects.ALL, RecipeDefects.ALL)
        .flatMap(List::stream)
        .toList();
  }

  static CoreDefect of(String name, String file, String find, String replacement) {
    return new CoreDefect(
        name, Change.core(file, find, replacement), Optional.empty(), Optional.empty());
  }

  /** Caught by the simulation under the faults named, or under all if none is. */
  CoreDefect inSchedules(String program, String profile, Set<String> faults, String... checks) {
    return new CoreDefect(
        name,
        change,
        Optional.of(new Schedules(program, profile, faults, Set.of(checks))),
        contract);
  }

  CoreDefect inContract(String test) {
    return new CoreDefect(name, change, schedules, Optional.of(test));
  }

  @Override
  public String toString() {
    return name;
  }
}

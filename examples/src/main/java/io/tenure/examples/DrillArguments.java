package io.tenure.examples;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;

/**
 * What the drill was asked for.
 *
 * @param store a running store, or empty to start one
 * @param start which one to start otherwise
 * @param ttl the time to live of each replica's session, or empty for a short one
 * @param guarded whether the ledger is guarded
 * @param help whether only the help is wanted
 */
record DrillArguments(
    Optional<String> store, Stores start, Optional<Duration> ttl, boolean guarded, boolean help) {
  static final String HELP =
      """
      Three replicas, one singleton task, one guarded ledger.

      The drill starts three processes that stand for election on one store; the one that leads
      writes to a ledger. It kills the leader, freezes the next one with a write in its hands and
      lets it go on when another leads, and stops a third one in an orderly way. Then it checks
      the ledger: nothing that a former leader had in flight may have got in. It needs a shell,
      sh, for the signals that freeze a process.

        mvn -q -Pdrill -pl examples -am package -Ddrill.args="OPTIONS"

        --store URI     use a store that runs already, such as zookeeper://127.0.0.1:2181 (with
                        ?tick=500ms at the end if its tickTime is not ZooKeeper's usual 2 s)
        --start NAME    start a store for this run: %s (the default is zookeeper)
        --ttl DURATION  how long a silent leader is waited for, such as 8s or 1500ms (the default
                        is 4s, or the shortest that the store allows if that is longer)
        --unguarded     leave the guard out and see the damage: the late write lands, the checks
                        say so, and the exit code is 1
        --help          show this

      Exit code: 0 if every check passed, 1 if something is off, 2 if the options make no sense.
      """
          .formatted(Stores.startableNames());

  /**
   * Reads the arguments.
   *
   * @throws IllegalArgumentException with a sentence for the user, if they make no sense
   */
  static DrillArguments parse(String... args) {
    Optional<String> store = Optional.empty();
    Optional<Stores> start = Optional.empty();
    Optional<Duration> ttl = Optional.empty();
    boolean guarded = true;
    boolean help = false;
    Deque<String> left = new ArrayDeque<>(Arrays.asList(args));
    while (!left.isEmpty()) {
      String option = left.pop();
      switch (option) {
        case "--store" -> store = Optional.of(sharedStore(valueOf(option, left)));
        case "--start" -> start = Optional.of(Stores.startable(valueOf(option, left)));
        case "--ttl" -> ttl = Optional.of(Durations.parse(valueOf(option, left)));
        case "--unguarded" -> guarded = false;
        case "--help" -> help = true;
        default ->
            throw new IllegalArgumentException(
                "there is no option '" + option + "'; --help lists those that there are");
      }
    }
    if (store.isPresent() && start.isPresent()) {
      throw new IllegalArgumentException(
          "--store uses a store that runs already and --start starts one: give one of the two");
    }
    return new DrillArguments(store, start.orElse(Stores.ZOOKEEPER), ttl, guarded, help);
  }

  private static String valueOf(String option, Deque<String> left) {
    String value = left.poll();
    if (value == null) {
      throw new IllegalArgumentException("the option " + option + " needs a value after it");
    }
    return value;
  }

  private static String sharedStore(String uri) {
    if (Stores.ofUri(uri) == Stores.MEMORY) {
      throw new IllegalArgumentException(
          "the drill's replicas are processes of their own, and only one can see a store in memory");
    }
    return uri;
  }
}

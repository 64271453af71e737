package io.tenure.examples;

import io.tenure.cli.CommandLine;
import io.tenure.cli.Durations;
import java.time.Duration;
import java.util.Optional;

/**
 * What the drill was asked for.
 *
 * @param store a store that runs already
 * @param start a store to start in processes of its own; if neither is given, a ZooKeeper is
 *     started in the drill's
 * @param ttl the time to live of each replica's session, or empty for a short one
 * @param guarded whether the ledger is guarded
 * @param help whether only the help is wanted
 */
record DrillArguments(
    Optional<String> store,
    Optional<Stores> start,
    Optional<Duration> ttl,
    boolean guarded,
    boolean help) {
  static final String HELP =
      """
      Three replicas, one singleton task, one guarded ledger.

      The drill starts three processes that stand for election on one store; the one that leads
      writes to a ledger. It kills the leader, freezes the next one with a write in its hands and
      lets it go on when another leads, and stops a third one in an orderly way. Then it checks
      the ledger: nothing that a former leader had in flight may have got in. It needs a shell,
      sh, for the signals that freeze a process.

        mvn -q -Pdrill -pl examples -am package -Ddrill.args="OPTIONS"

      Without options it starts a ZooKeeper in its own process. For another store:

        --store URI     use one that runs already and asks for no credentials:
                          etcd://127.0.0.1:2379,127.0.0.1:22379
                          consul://127.0.0.1:8500
                          zookeeper://127.0.0.1:2181 (with ?tick=500ms at the end if its tickTime
                          is not ZooKeeper's usual 2 s)
        --start NAME    start a server for this run: %s.
                        It is had as for the tests: from TENURE_ETCD and the like in the
                        environment, in a container, from the PATH, or from Debian's package,
                        which is unpacked and not installed
        --ttl DURATION  how long a silent leader is waited for, such as 8s or 1500ms (the default
                        is 4s, or the shortest that the store allows if that is longer: 10s on
                        Consul, which may take twice as long to find out)
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
    CommandLine line = new CommandLine(args);
    while (line.hasNext()) {
      String option = line.next();
      switch (option) {
        case "--store" -> store = Optional.of(sharedStore(line.valueOf(option)));
        case "--start" -> start = Optional.of(Stores.startable(line.valueOf(option)));
        case "--ttl" -> ttl = Optional.of(Durations.parse(line.valueOf(option)));
        case "--unguarded" -> guarded = false;
        case "--help" -> help = true;
        default -> throw CommandLine.unknown(option);
      }
    }
    if (store.isPresent() && start.isPresent()) {
      throw new IllegalArgumentException(
          "--store uses a store that runs already and --start starts one: give one of the two");
    }
    return new DrillArguments(store, start, ttl, guarded, help);
  }

  private static String sharedStore(String uri) {
    if (Stores.ofUri(uri) == Stores.MEMORY) {
      throw new IllegalArgumentException(
          "the drill's replicas are processes of their own, and only one can see a store in memory");
    }
    return uri;
  }
}

package io.tenure.examples;

import io.tenure.cli.CommandLine;
import io.tenure.cli.Durations;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the measurement was asked for.
 *
 * @param stores what to measure on
 * @param runs how often a leader is stopped, and how often one is killed
 * @param ttls the times to live, or empty for each store's shortest and its default
 * @param help whether only the help is wanted
 */
record AvailabilityArguments(List<Stores> stores, int runs, List<Duration> ttls, boolean help) {
  static final String HELP =
      """
      How long nobody leads, measured.

      On clusters of three servers, two replicas stand for election, and one of them leads. It is
      stopped in an orderly way, killed, and frozen, and the time is taken until the other one
      leads. Then the leader of the store itself is killed, and it is measured whether and for how
      long nobody led, how long no free name was acquired, and how long the acquire took that had
      been asked for at that moment. What comes of it is printed as a table.

        mvn -q -Pavailability -pl examples -am package -Davailability.args="OPTIONS"

        --stores NAMES  on which stores: %s, or several with commas between (the default is all)
        --runs NUMBER   how many clean stops and how many kills; a quarter as many of the others,
                        which take longer (the default is 20, and so 5 of those)
        --ttl DURATION  the time to live, such as 8s, or several with commas between (the default
                        is the shortest that the store takes, and its default)
        --help          show this

      With the defaults it takes about half an hour. The servers are had as for the tests.

      Exit code: 0 if all was measured, 1 if something could not be, 2 if the options make no sense.
      """
          .formatted(Stores.startableNames());

  private static final int USUAL_RUNS = 20;

  /**
   * Reads the arguments.
   *
   * @throws IllegalArgumentException with a sentence for the user, if they make no sense
   */
  static AvailabilityArguments parse(String... args) {
    List<Stores> stores = words(Stores.startableNames()).map(Stores::startable).toList();
    int runs = USUAL_RUNS;
    List<Duration> ttls = List.of();
    boolean help = false;
    CommandLine line = new CommandLine(args);
    while (line.hasNext()) {
      String option = line.next();
      switch (option) {
        case "--stores" ->
            stores = words(line.valueOf(option)).map(Stores::startable).distinct().toList();
        case "--runs" -> runs = number(line.valueOf(option));
        case "--ttl" ->
            ttls = words(line.valueOf(option)).map(Durations::parse).distinct().toList();
        case "--help" -> help = true;
        default -> throw CommandLine.unknown(option);
      }
    }
    return new AvailabilityArguments(stores, runs, ttls, help);
  }

  private static Stream<String> words(String list) {
    return Stream.of(list.split(",", -1)).map(String::strip);
  }

  private static int number(String text) {
    if (!text.matches("[1-9][0-9]{0,3}")) {
      throw new IllegalArgumentException(
          "the number of runs is 1 to 9999, but this is '" + text + "'");
    }
    return Integer.parseInt(text);
  }
}

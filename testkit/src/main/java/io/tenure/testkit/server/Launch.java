package io.tenure.testkit.server;

import java.util.List;
import java.util.Map;

/**
 * What a node is started with.
 *
 * @param arguments what follows the program on the command line
 * @param files what it reads, by path below its directory
 */
record Launch(List<String> arguments, Map<String, String> files) {
  Launch {
    arguments = List.copyOf(arguments);
    files = Map.copyOf(files);
  }
}

package io.tenure.testkit.server;

import java.util.Map;

/**
 * How a node sees itself and is seen by its peers, in whatever it runs in.
 *
 * @param id from 1
 * @param name unique in the cluster
 * @param listens the address that it binds to
 * @param peersCall the address under which its peers reach it
 * @param ports what it listens on
 * @param root its directory: {@code conf} for what it reads, {@code data} for what it keeps
 */
record Place(
    int id, String name, String listens, String peersCall, Map<Port, Integer> ports, String root) {
  int port(Port port) {
    Integer number = ports.get(port);
    if (number == null) {
      throw new IllegalArgumentException(name + " has no port for " + port);
    }
    return number;
  }

  String binds(Port port) {
    return listens + ":" + port(port);
  }

  String toPeers(Port port) {
    return peersCall + ":" + port(port);
  }

  String conf() {
    return root + "/conf";
  }

  String data() {
    return root + "/data";
  }
}

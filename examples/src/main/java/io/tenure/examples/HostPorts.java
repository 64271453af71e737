package io.tenure.examples;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What stands behind {@code etcd://} and {@code consul://}: servers that speak plain text, as in
 * {@code etcd-1:2379,etcd-2:2379}.
 *
 * @param servers each a host and a port
 */
record HostPorts(List<String> servers) {
  private static final Pattern SERVER =
      Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})");

  /** A user before the first host, or anything that one would call a secret behind the last. */
  private static final Pattern CREDENTIALS =
      Pattern.compile("(?i)[^/]*//[^/?]*@.*|.*[?&](token|user|username|password|secret|auth)=.*");

  static boolean hasCredentials(String uri) {
    return CREDENTIALS.matcher(uri).matches();
  }

  /**
   * Reads the servers.
   *
   * @throws IllegalArgumentException if there is anything else
   */
  static HostPorts parse(String address) {
    List<String> servers = List.of(address.split(",", -1));
    if (!servers.stream().allMatch(server -> SERVER.matcher(server).matches())) {
      throw new IllegalArgumentException(
          "the servers of such a store are host:port, or host:port,host:port, and nothing else,"
              + " but this is '"
              + address
              + "'");
    }
    return new HostPorts(servers);
  }

  String[] urls() {
    return servers.stream().map(server -> "http://" + server).toArray(String[]::new);
  }

  /**
   * The URL of a store that is reached through one server.
   *
   * @throws IllegalArgumentException if there are several
   */
  String onlyUrl() {
    if (servers.size() > 1) {
      throw new IllegalArgumentException(
          "Consul is reached through one agent, host:port, but these are " + servers.size());
    }
    return urls()[0];
  }
}

package io.tenure.cli;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What stands behind {@code etcd://} and {@code consul://}: servers, as in {@code
 * etcd-1:2379,etcd-2:2379}.
 *
 * @param servers each a host and a port
 */
public record HostPorts(List<String> servers) {
  private static final Pattern SERVER =
      Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})");

  /** A user before the first host, or anything that one would call a secret behind the last. */
  private static final Pattern CREDENTIALS =
      Pattern.compile("(?i)[^/]*//[^/?]*@.*|.*[?&](token|user|username|password|secret|auth)=.*");

  /**
   * Tells whether a store's URI has in it what everybody on a machine can read in a process's
   * arguments.
   *
   * @param uri the URI
   * @return true if there is a user, or something like a secret
   */
  public static boolean hasCredentials(String uri) {
    return CREDENTIALS.matcher(uri).matches();
  }

  /**
   * Reads the servers.
   *
   * @param address servers joined by commas
   * @return the servers
   * @throws IllegalArgumentException if there is anything else
   */
  public static HostPorts parse(String address) {
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

  /**
   * Returns where requests go.
   *
   * @param tls whether they are encrypted
   * @return a URL for each server
   */
  public String[] urls(boolean tls) {
    String scheme = tls ? "https://" : "http://";
    return servers.stream().map(server -> scheme + server).toArray(String[]::new);
  }

  /**
   * Returns the URL of a store that is reached through one server.
   *
   * @param tls whether requests are encrypted
   * @return the URL
   * @throws IllegalArgumentException if there are several
   */
  public String onlyUrl(boolean tls) {
    if (servers.size() > 1) {
      throw new IllegalArgumentException(
          "Consul is reached through one agent, host:port, but these are " + servers.size());
    }
    return urls(tls)[0];
  }
}

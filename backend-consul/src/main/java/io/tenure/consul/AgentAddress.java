package io.tenure.consul;

import java.net.URI;
import java.net.URISyntaxException;

/** An agent's address, checked, with its port. */
final class AgentAddress {
  private static final int HTTP_PORT = 8500;
  private static final int HTTPS_PORT = 8501;

  private AgentAddress() {}

  /**
   * Reads an address.
   *
   * @throws IllegalArgumentException if it has no scheme and host, or something besides the port
   */
  static URI parse(String address) {
    try {
      URI uri = new URI(address);
      boolean isHttps = "https".equals(uri.getScheme());
      boolean isBare =
          uri.getHost() != null
              && uri.getRawUserInfo() == null
              && uri.getRawQuery() == null
              && uri.getRawFragment() == null
              && (uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"));
      if (isBare && (isHttps || "http".equals(uri.getScheme()))) {
        int port = uri.getPort() >= 0 ? uri.getPort() : isHttps ? HTTPS_PORT : HTTP_PORT;
        return new URI(uri.getScheme(), null, uri.getHost(), port, null, null, null);
      }
    } catch (URISyntaxException e) {
      // What was wrong is said below: the address may carry a secret, so it is not repeated.
      throw malformed();
    }
    throw malformed();
  }

  private static IllegalArgumentException malformed() {
    return new IllegalArgumentException(
        "an agent's address is http://host:port or https://host:port, without user, path or query");
  }
}

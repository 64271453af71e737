package io.tenure.consul;

import io.tenure.testkit.server.Servers;
import io.tenure.testkit.server.StoreServer;

/** One server for all tests that need nothing special; it ends with this JVM. */
final class SharedServer {
  private static final StoreServer SERVER =
      Servers.consul().configuration(Operator.SETTINGS).start();
  private static final Operator OPERATOR = Operator.of(SERVER);

  private SharedServer() {}

  static StoreServer get() {
    return SERVER;
  }

  /** One for all, since each has connections of its own. */
  static Operator operator() {
    return OPERATOR;
  }
}

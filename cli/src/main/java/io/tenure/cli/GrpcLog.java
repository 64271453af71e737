package io.tenure.cli;

import java.util.logging.Level;
import java.util.logging.Logger;

/** What gRPC logs, which goes to the JDK's own logging and not to the file that the rest obeys. */
final class GrpcLog {
  /** Kept here, since the JDK forgets the level of a logger that nobody holds. */
  private static final Logger GRPC = Logger.getLogger("io.grpc");

  private GrpcLog() {}

  /** Leaves only what needs attention, as for everything else. */
  static void quieten() {
    GRPC.setLevel(Level.WARNING);
  }
}

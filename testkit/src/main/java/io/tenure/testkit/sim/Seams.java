package io.tenure.testkit.sim;

import io.tenure.spi.Backend;
import io.tenure.spi.Ticker;

/** Where a test of the simulation puts a defect between the core and the simulated world. */
interface Seams {
  /** No defect. */
  Seams NONE = new Seams() {};

  default Backend backend(Backend real, Replica replica) {
    return real;
  }

  default Ticker ticker(Ticker real, Replica replica) {
    return real;
  }
}

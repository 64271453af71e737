package io.tenure.testkit;

import io.tenure.spi.Backend;

/** One client's connection to the store, which a test can cut and mend. */
public interface Link extends AutoCloseable {
  /**
   * Returns the backend at the client's end.
   *
   * @return always the same one
   */
  Backend backend();

  /**
   * Cuts the connection without a trace: nothing arrives any more on either side, and neither is
   * told.
   */
  void cut();

  /** Mends it. */
  void heal();

  /** Frees what the link itself holds. */
  @Override
  void close();

  /**
   * Makes a link out of a backend whose store hears of its session by heartbeats only, so that
   * swallowing the client's calls is as good as cutting a cable.
   *
   * @param real the backend
   * @return the link
   */
  static Link simulated(Backend real) {
    FaultyBackend cable = FaultyBackend.around(real);
    return new Link() {
      @Override
      public Backend backend() {
        return cable;
      }

      @Override
      public void cut() {
        cable.cutOff();
      }

      @Override
      public void heal() {
        cable.heal();
      }

      @Override
      public void close() {}
    };
  }

  /**
   * Makes a link out of a real cable.
   *
   * @param cable the cable, closed together with the link
   * @param backend a backend that connects through it
   * @return the link
   */
  static Link through(TcpProxy cable, Backend backend) {
    return new Link() {
      @Override
      public Backend backend() {
        return backend;
      }

      @Override
      public void cut() {
        cable.cut();
      }

      @Override
      public void heal() {
        cable.heal();
      }

      @Override
      public void close() {
        cable.close();
      }
    };
  }
}

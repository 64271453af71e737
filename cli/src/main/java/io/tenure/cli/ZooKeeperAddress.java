package io.tenure.cli;

import io.tenure.zookeeper.ZooKeeperBackend;
import java.time.Duration;

/**
 * What stands behind {@code zookeeper://}: servers, and their tick where it is not the usual one,
 * as in {@code zk-1:2181,zk-2:2181?tick=500ms}.
 *
 * @param servers ZooKeeper's connect string
 * @param tick the servers' {@code tickTime}, which they do not tell
 */
public record ZooKeeperAddress(String servers, Duration tick) {
  private static final Duration USUAL_TICK = Duration.ofSeconds(2);
  private static final String OPTION = "?tick=";

  /**
   * Reads an address.
   *
   * @param address servers, a chroot, a tick
   * @return the address
   * @throws IllegalArgumentException if the tick is no duration
   */
  public static ZooKeeperAddress parse(String address) {
    int option = address.indexOf(OPTION);
    return option < 0
        ? new ZooKeeperAddress(address, USUAL_TICK)
        : new ZooKeeperAddress(
            address.substring(0, option),
            Durations.parse(address.substring(option + OPTION.length())));
  }

  ZooKeeperBackend.Builder builder() {
    return ZooKeeperBackend.builder(servers).tickTime(tick);
  }

  @Override
  public String toString() {
    return servers + (tick.equals(USUAL_TICK) ? "" : OPTION + tick.toMillis() + "ms");
  }
}

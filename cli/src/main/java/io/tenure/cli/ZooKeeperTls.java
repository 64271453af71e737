package io.tenure.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.apache.zookeeper.client.ZKClientConfig;

/** TLS as ZooKeeper's client is told of it. */
final class ZooKeeperTls {
  private static final String SSL = "zookeeper.ssl.";
  private static final String PEM = "PEM";

  private ZooKeeperTls() {}

  /**
   * Puts the settings together.
   *
   * @throws IllegalArgumentException if certificate and key are not in one file, which is the only
   *     form that ZooKeeper's client reads
   */
  static ZKClientConfig config(Optional<Path> trust, Optional<Identity> identity) {
    ZKClientConfig config = new ZKClientConfig();
    config.setProperty(ZKClientConfig.SECURE_CLIENT, "true");
    config.setProperty(
        ZKClientConfig.ZOOKEEPER_CLIENT_CNXN_SOCKET, "org.apache.zookeeper.ClientCnxnSocketNetty");
    trust.ifPresent(file -> store(config, "trustStore", file));
    identity.ifPresent(
        own -> {
          if (!own.certificate().equals(own.key())) {
            throw new IllegalArgumentException(
                "ZooKeeper's client reads certificate and key from one PEM file: give the same"
                    + " file for --certificate and --key");
          }
          store(config, "keyStore", own.key());
        });
    return config;
  }

  private static void store(ZKClientConfig config, String which, Path file) {
    config.setProperty(SSL + which + ".location", file.toString());
    config.setProperty(SSL + which + ".type", PEM);
  }
}

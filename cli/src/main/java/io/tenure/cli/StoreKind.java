package io.tenure.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tenure.consul.ConsulBackend;
import io.tenure.etcd.EtcdBackend;
import io.tenure.spi.Backend;
import io.tenure.zookeeper.ZooKeeperBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.data.ACL;

/** The stores that run as servers. The scheme of a store's URI is the constant's name. */
public enum StoreKind {
  /** etcd: any number of servers. */
  ETCD {
    @Override
    Backend connect(String address, Access access) {
      GrpcLog.quieten();
      refuse(access.token().isPresent(), "no token: give --user and a password");
      EtcdBackend.Builder builder =
          EtcdBackend.builder(HostPorts.parse(address).urls(access.tls()));
      access.root().ifPresent(builder::root);
      access
          .credentials()
          .ifPresent(known -> builder.user(known.user(), known.password().toCharArray()));
      access.trust().ifPresent(builder::trust);
      access.identity().ifPresent(own -> builder.identity(own.certificate(), own.key()));
      return builder.build();
    }
  },

  /** Consul: one agent. */
  CONSUL {
    @Override
    Backend connect(String address, Access access) {
      refuse(access.credentials().isPresent(), "no users: give --token-file");
      ConsulBackend.Builder builder =
          ConsulBackend.builder(HostPorts.parse(address).onlyUrl(access.tls()));
      access.root().ifPresent(builder::root);
      access.token().ifPresent(builder::token);
      if (access.tls()) {
        builder.tls(PemFiles.context(access.trust(), access.identity()));
      }
      return builder.build();
    }
  },

  /** ZooKeeper: any number of servers, and a chroot and a tick behind the last. */
  ZOOKEEPER {
    @Override
    Backend connect(String address, Access access) {
      refuse(access.token().isPresent(), "no token: give --user and a password");
      ZooKeeperBackend.Builder builder = ZooKeeperAddress.parse(address).builder();
      access.root().ifPresent(builder::root);
      access
          .credentials()
          .ifPresent(
              known ->
                  builder
                      .authorization("digest", known.joined().getBytes(UTF_8))
                      .acl(ownAndReadable()));
      if (access.tls()) {
        builder.clientConfig(ZooKeeperTls.config(access.trust(), access.identity()));
      }
      return builder.build();
    }
  };

  private static final String SEPARATOR = "://";

  /** Clients may have other credentials than an operator, and read the generation. */
  private static List<ACL> ownAndReadable() {
    List<ACL> acl = new ArrayList<>(Ids.CREATOR_ALL_ACL);
    acl.addAll(Ids.READ_ACL_UNSAFE);
    return acl;
  }

  abstract Backend connect(String address, Access access);

  /**
   * Makes a backend for a store that speaks plain text and asks for nothing. Does no I/O.
   *
   * @param address what stands behind the scheme
   * @return the backend
   * @throws IllegalArgumentException if the address is malformed
   */
  public Backend connect(String address) {
    return connect(address, Access.PLAIN);
  }

  /**
   * Makes a backend for the store at a URI. Reads files, and does no other I/O.
   *
   * @throws IllegalArgumentException if there is no such kind of store, its address is malformed,
   *     or it has no use for what is given
   */
  static Backend connectTo(String uri, Access access) {
    if (HostPorts.hasCredentials(uri)) {
      throw new IllegalArgumentException(
          "a store's URI must not have credentials in it, since everybody on this machine can read"
              + " the arguments of a process: see --user and --token-file");
    }
    for (StoreKind kind : values()) {
      String start = kind.scheme() + SEPARATOR;
      if (uri.startsWith(start)) {
        return kind.connect(uri.substring(start.length()), access);
      }
    }
    throw new IllegalArgumentException(
        "a store is etcd://…, consul://… or zookeeper://…, but this is '" + uri + "'");
  }

  String scheme() {
    return name().toLowerCase(Locale.ROOT);
  }

  void refuse(boolean wrong, String instead) {
    if (wrong) {
      throw new IllegalArgumentException(scheme() + " has " + instead);
    }
  }
}

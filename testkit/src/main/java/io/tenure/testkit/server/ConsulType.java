package io.tenure.testkit.server;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Consul, as server agents with data directories: {@code -dev} keeps nothing, and a client agent is
 * one more thing that can fail between a test and the store.
 */
final class ConsulType implements StoreType {
  private static final Pattern LEADS = Pattern.compile("\"leader\":\\s*\"true\"");
  private static final Pattern NAME = Pattern.compile("\"NodeName\":\\s*\"([^\"]+)\"");
  private static final Pattern RELEASE = Pattern.compile("(\\d+)\\.(\\d+)");
  private static final Pattern VERSION = Pattern.compile("\"Version\":\\s*\"([^\"]+)\"");

  @Override
  public Store store() {
    return Store.CONSUL;
  }

  @Override
  public Optional<String> image() {
    return Optional.of("hashicorp/consul:1.22");
  }

  @Override
  public Set<Port> ports(Options options) {
    return options.tls().isPresent()
        ? EnumSet.allOf(Port.class)
        : EnumSet.of(Port.CLIENT, Port.PEER, Port.VOTE);
  }

  @Override
  public void check(Options options) {
    if (options.severable()) {
      throw new IllegalArgumentException(
          "Consul's members know each other by one address, not by a cable each: pause one instead");
    }
    if (!options.fsync()) {
      throw new IllegalArgumentException(
          "Consul has no switch against syncing its log to disk: leave unsafeNoFsync() out");
    }
  }

  @Override
  public Launch launch(Place self, List<Place> all, Options options, String version) {
    Map<String, String> files = new HashMap<>();
    files.put("conf/10-node.json", node(self, all, options, version));
    options.token().ifPresent(token -> files.put("conf/20-acl.json", acl(token)));
    options
        .tls()
        .ifPresent(
            tls -> {
              files.putAll(tls.copies());
              files.put("conf/30-tls.json", tls(tls, self));
            });
    int number = 50;
    for (String text : options.configuration()) {
      String kind = text.stripLeading().startsWith("{") ? ".json" : ".hcl";
      files.put("conf/" + number++ + "-given" + kind, text);
    }
    List<String> arguments = new ArrayList<>(List.of("agent", "-config-dir=" + self.conf()));
    arguments.addAll(options.arguments());
    return new Launch(arguments, files);
  }

  private static String node(Place self, List<Place> all, Options options, String version) {
    String peers =
        all.stream()
            .filter(place -> place != self)
            .map(place -> '"' + place.toPeers(Port.VOTE) + '"')
            .collect(Collectors.joining(", "));
    boolean tls = options.tls().isPresent();
    // The host's own id would be the same for all nodes of a cluster. A node that is down or frozen
    // for a while stays a voter, where the autopilot would remove it and admit it again only after
    // it was stable for 10 s: with one more down there would be no majority.
    return """
        {
          "node_name": "%s",
          "data_dir": "%s",
          "server": true,
          "bootstrap_expect": %d,
          "retry_join": [%s],
          "retry_interval": "1s",
          "bind_addr": "%s",
          "client_addr": "%s",
          "ports": {
            "http": %d, "https": %d, "server": %d, "serf_lan": %d,
            "serf_wan": -1, "dns": -1, "grpc": -1%s
          },
          "performance": {"raft_multiplier": 1},
          "autopilot": {"cleanup_dead_servers": false},
          "disable_host_node_id": true,
          "disable_update_check": true,
          "leave_on_terminate": false
        }
        """
        .formatted(
            self.name(),
            self.data(),
            all.size(),
            peers,
            self.listens(),
            self.listens(),
            self.port(tls ? Port.STATUS : Port.CLIENT),
            tls ? self.port(Port.CLIENT) : -1,
            self.port(Port.PEER),
            self.port(Port.VOTE),
            hasGrpcTls(version) ? ", \"grpc_tls\": -1" : "");
  }

  /** Since 1.14 servers open one more port, at a fixed number; older ones refuse to hear of it. */
  private static boolean hasGrpcTls(String version) {
    Matcher matcher = RELEASE.matcher(version);
    return matcher.lookingAt()
        && (Integer.parseInt(matcher.group(1)) > 1 || Integer.parseInt(matcher.group(2)) >= 14);
  }

  /** The token is called {@code initial_management} since 1.11, which knows the old name too. */
  private static String acl(String token) {
    return """
        {
          "acl": {
            "enabled": true,
            "default_policy": "deny",
            "tokens": {"master": "%1$s", "agent": "%1$s"}
          }
        }
        """
        .formatted(token);
  }

  private static String tls(TlsFiles tls, Place self) {
    return """
        {
          "ca_file": "%1$s/%2$s",
          "cert_file": "%1$s/%3$s",
          "key_file": "%1$s/%4$s",
          "verify_incoming_https": %5$s
        }
        """
        .formatted(
            self.conf(),
            TlsFiles.AUTHORITY,
            TlsFiles.CERTIFICATE,
            TlsFiles.KEY,
            tls.clientsMustAuthenticate());
  }

  /**
   * Ready means that the leader answers consistent reads and that this node is in its catalogue:
   * before that no session can be made on it ("Missing node registration").
   */
  @Override
  public boolean isReady(String statusAddress, Options options) throws IOException {
    Matcher self = NAME.matcher(get(statusAddress, "/v1/agent/self", options).body());
    if (!self.find()) {
      return false;
    }
    Http.Answer answer =
        get(statusAddress, "/v1/catalog/node/" + self.group(1) + "?consistent", options);
    return answer.code() == 200 && answer.body().contains("\"Node\"");
  }

  @Override
  public boolean isLeader(String statusAddress, Options options) throws IOException {
    return LEADS.matcher(get(statusAddress, "/v1/agent/self", options).body()).find();
  }

  @Override
  public String version(String statusAddress, Options options) throws IOException {
    Matcher matcher = VERSION.matcher(get(statusAddress, "/v1/agent/self", options).body());
    if (!matcher.find()) {
      throw new IOException("Consul at " + statusAddress + " does not tell its version");
    }
    return matcher.group(1);
  }

  private static Http.Answer get(String statusAddress, String path, Options options)
      throws IOException {
    Map<String, String> headers =
        options.token().map(token -> Map.of("X-Consul-Token", token)).orElse(Map.of());
    return Http.get("http://" + statusAddress + path, headers);
  }
}

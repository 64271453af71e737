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
 * etcd. Health and leadership are asked at its metrics address, which needs neither certificate nor
 * password.
 */
final class EtcdType implements StoreType {
  private static final Pattern VERSION =
      Pattern.compile("etcd_server_version\\{server_version=\"([^\"]+)\"} 1");

  @Override
  public Store store() {
    return Store.ETCD;
  }

  @Override
  public Optional<String> image() {
    return Optional.of("bitnamilegacy/etcd:3.6.4-debian-12-r4");
  }

  @Override
  public Set<Port> ports(Options options) {
    return EnumSet.of(Port.CLIENT, Port.STATUS, Port.PEER);
  }

  @Override
  public void check(Options options) {
    if (options.severable()) {
      throw new IllegalArgumentException(
          "etcd's members know each other by one address, not by a cable each: pause one instead");
    }
    if (!options.configuration().isEmpty()) {
      throw new IllegalArgumentException(
          "etcd reads either flags or a configuration file, and is started with flags:"
              + " give what you need as arguments");
    }
    if (options.token().isPresent()) {
      throw new IllegalArgumentException(
          "etcd has no management token: turn authentication on through its API");
    }
  }

  @Override
  public Launch launch(Place self, List<Place> all, Options options, String version) {
    String scheme = options.tls().isPresent() ? "https://" : "http://";
    String members =
        all.stream()
            .map(place -> place.name() + "=http://" + place.toPeers(Port.PEER))
            .collect(Collectors.joining(","));
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--name=" + self.name(),
                "--data-dir=" + self.data(),
                "--listen-client-urls=" + scheme + self.binds(Port.CLIENT),
                "--advertise-client-urls=" + scheme + self.toPeers(Port.CLIENT),
                "--listen-metrics-urls=http://" + self.binds(Port.STATUS),
                "--listen-peer-urls=http://" + self.binds(Port.PEER),
                "--initial-advertise-peer-urls=http://" + self.toPeers(Port.PEER),
                "--initial-cluster=" + members,
                "--initial-cluster-state=new"));
    if (!options.fsync()) {
      arguments.add("--unsafe-no-fsync");
    }
    Map<String, String> files = new HashMap<>();
    options.tls().ifPresent(tls -> encrypt(tls, self, arguments, files));
    arguments.addAll(options.arguments());
    return new Launch(arguments, files);
  }

  private static void encrypt(
      TlsFiles tls, Place self, List<String> arguments, Map<String, String> files) {
    files.putAll(tls.copies());
    arguments.add("--cert-file=" + self.conf() + "/" + TlsFiles.CERTIFICATE);
    arguments.add("--key-file=" + self.conf() + "/" + TlsFiles.KEY);
    if (tls.clientsMustAuthenticate()) {
      // The first implies the second: etcd that knows an authority insists on certificates.
      arguments.add("--trusted-ca-file=" + self.conf() + "/" + TlsFiles.AUTHORITY);
      arguments.add("--client-cert-auth=true");
    }
  }

  @Override
  public boolean isReady(String statusAddress, Options options) throws IOException {
    // Every answer "not well" is two lines in its log: we ask for health when there is a leader.
    if (!metrics(statusAddress).contains("\netcd_server_has_leader 1\n")) {
      return false;
    }
    Http.Answer answer = Http.get("http://" + statusAddress + "/health");
    return answer.code() == 200 && answer.body().contains("\"health\":\"true\"");
  }

  @Override
  public boolean isLeader(String statusAddress, Options options) throws IOException {
    return metrics(statusAddress).contains("\netcd_server_is_leader 1\n");
  }

  @Override
  public String version(String statusAddress, Options options) throws IOException {
    Matcher matcher = VERSION.matcher(metrics(statusAddress));
    if (!matcher.find()) {
      throw new IOException("etcd at " + statusAddress + " does not tell its version");
    }
    return matcher.group(1);
  }

  private static String metrics(String statusAddress) throws IOException {
    return Http.get("http://" + statusAddress + "/metrics").body();
  }
}

package io.tenure.testkit.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * ZooKeeper, each server in a JVM of its own with the class path of this one. Health, leadership
 * and version come from the four-letter word {@code srvr}.
 */
final class ZooKeeperType implements StoreType {
  static final String MAIN = "org.apache.zookeeper.server.quorum.QuorumPeerMain";

  private static final int TIMEOUT_MILLIS = 1_000;
  private static final Pattern VERSION = Pattern.compile("Zookeeper version: ([0-9.]+)");

  @Override
  public Store store() {
    return Store.ZOOKEEPER;
  }

  @Override
  public Optional<String> image() {
    return Optional.empty();
  }

  @Override
  public Set<Port> ports(Options options) {
    return options.tls().isPresent()
        ? EnumSet.allOf(Port.class)
        : EnumSet.of(Port.CLIENT, Port.PEER, Port.VOTE);
  }

  @Override
  public void check(Options options) {
    if (options.token().isPresent()) {
      throw new IllegalArgumentException(
          "ZooKeeper has no management token: give what authentication needs as configuration");
    }
  }

  @Override
  public Launch launch(Place self, List<Place> all, Options options, String version) {
    Map<String, String> files = new HashMap<>();
    files.put("conf/zoo.cfg", configuration(self, all, options));
    files.put("data/myid", Integer.toString(self.id()));
    options
        .tls()
        .ifPresent(
            tls -> {
              files.putAll(tls.copies());
              files.put(
                  "conf/keystore.pem", TlsFiles.read(tls.key()) + TlsFiles.read(tls.certificate()));
            });
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dorg.slf4j.simpleLogger.logFile=System.err",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=info"));
    if (!options.fsync()) {
      arguments.add("-Dzookeeper.forceSync=no");
    }
    arguments.addAll(options.arguments());
    arguments.addAll(
        List.of("-cp", System.getProperty("java.class.path"), MAIN, self.conf() + "/zoo.cfg"));
    return new Launch(arguments, files);
  }

  private static String configuration(Place self, List<Place> all, Options options) {
    boolean tls = options.tls().isPresent();
    List<String> lines =
        new ArrayList<>(
            List.of(
                "dataDir=" + self.data(),
                "clientPort=" + self.port(tls ? Port.STATUS : Port.CLIENT),
                "clientPortAddress=" + self.listens(),
                "tickTime=" + options.tick().toMillis(),
                "initLimit=10",
                "syncLimit=5",
                "maxClientCnxns=0",
                "standaloneEnabled=true",
                "admin.enableServer=false",
                "4lw.commands.whitelist=*",
                "metricsProvider.className="
                    + "org.apache.zookeeper.metrics.impl.NullMetricsProvider"));
    if (all.size() > 1) {
      for (Place place : all) {
        lines.add(
            "server." + place.id() + "=" + place.toPeers(Port.PEER) + ":" + place.port(Port.VOTE));
      }
    }
    options.tls().ifPresent(files -> encrypt(files, self, lines));
    lines.addAll(options.configuration());
    return String.join("\n", lines) + "\n";
  }

  private static void encrypt(TlsFiles tls, Place self, List<String> lines) {
    lines.add("secureClientPort=" + self.port(Port.CLIENT));
    lines.add("secureClientPortAddress=" + self.listens());
    lines.add("serverCnxnFactory=org.apache.zookeeper.server.NettyServerCnxnFactory");
    lines.add("ssl.keyStore.location=" + self.conf() + "/keystore.pem");
    lines.add("ssl.trustStore.location=" + self.conf() + "/" + TlsFiles.AUTHORITY);
    lines.add("ssl.clientAuth=" + (tls.clientsMustAuthenticate() ? "need" : "none"));
  }

  @Override
  public boolean isReady(String statusAddress, Options options) throws IOException {
    return ask(statusAddress).contains("Mode: ");
  }

  @Override
  public boolean isLeader(String statusAddress, Options options) throws IOException {
    String answer = ask(statusAddress);
    return answer.contains("Mode: leader") || answer.contains("Mode: standalone");
  }

  @Override
  public String version(String statusAddress, Options options) throws IOException {
    Matcher matcher = VERSION.matcher(ask(statusAddress));
    if (!matcher.find()) {
      throw new IOException("ZooKeeper at " + statusAddress + " does not tell its version");
    }
    return matcher.group(1);
  }

  private static String ask(String statusAddress) throws IOException {
    int colon = statusAddress.lastIndexOf(':');
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(
              statusAddress.substring(0, colon),
              Integer.parseInt(statusAddress.substring(colon + 1))),
          TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.getOutputStream().write("srvr".getBytes(US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), US_ASCII);
    }
  }
}

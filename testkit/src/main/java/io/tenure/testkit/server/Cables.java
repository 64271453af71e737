package io.tenure.testkit.server;

import io.tenure.testkit.TcpProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The cables through which one node reaches the log of its peers, if any were laid. */
final class Cables implements AutoCloseable {
  private final List<TcpProxy> laid = new ArrayList<>();

  /** Lays one to each peer, and returns how the node sees the cluster then. */
  List<Place> lay(Place self, List<Place> all) {
    return all.stream().map(place -> place == self ? place : through(place)).toList();
  }

  private Place through(Place peer) {
    try {
      TcpProxy cable = TcpProxy.to(peer.listens(), peer.port(Port.PEER));
      laid.add(cable);
      Map<Port, Integer> ports = new EnumMap<>(peer.ports());
      ports.put(Port.PEER, cable.port());
      return new Place(
          peer.id(), peer.name(), peer.listens(), peer.peersCall(), ports, peer.root());
    } catch (IOException e) {
      throw new UncheckedIOException("no cable to " + peer.name() + " can be laid", e);
    }
  }

  boolean isEmpty() {
    return laid.isEmpty();
  }

  void cut() {
    laid.forEach(TcpProxy::cut);
  }

  void heal() {
    laid.forEach(TcpProxy::heal);
  }

  @Override
  public void close() {
    laid.forEach(TcpProxy::close);
  }
}

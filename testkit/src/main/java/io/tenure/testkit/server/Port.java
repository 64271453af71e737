package io.tenure.testkit.server;

/** What a node listens for. */
enum Port {
  /** Clients of the store. */
  CLIENT,
  /** Our questions about health and leadership: never encrypted. */
  STATUS,
  /** The other nodes' log entries. */
  PEER,
  /** The other nodes' gossip or votes, where these go a way of their own. */
  VOTE
}

package io.tenure.zookeeper;

import io.tenure.Versioned;
import io.tenure.zookeeper.Handle.Content;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;

/**
 * What a cell's node holds: a value, behind a header with the name of the cell's incarnation.
 *
 * @param incarnation which creation of the cell this is; empty if a stranger made the node
 * @param value the bytes
 * @param version the transaction that wrote them, a number that no other write has
 * @param dataVersion the node's own count of writes, which starts again when a node is made again
 * @param owner the session whose end the node does not survive; zero if none
 */
record CellContent(
    Optional<String> incarnation, byte[] value, long version, int dataVersion, long owner) {
  private static final byte[] MAGIC = {0, 'T', 'e', 'n', 1};
  private static final int HEADER = MAGIC.length + 2 * Long.BYTES;

  static CellContent of(Content node) {
    byte[] data = node.data();
    boolean ours = data.length >= HEADER && Arrays.mismatch(data, MAGIC) == MAGIC.length;
    return new CellContent(
        ours ? Optional.of(incarnationOf(data)) : Optional.empty(),
        ours ? Arrays.copyOfRange(data, HEADER, data.length) : data,
        node.stat().getMzxid(),
        node.stat().getVersion(),
        node.stat().getEphemeralOwner());
  }

  private static String incarnationOf(byte[] data) {
    ByteBuffer header = ByteBuffer.wrap(data, MAGIC.length, 2 * Long.BYTES);
    return new UUID(header.getLong(), header.getLong()).toString();
  }

  static String newIncarnation() {
    return UUID.randomUUID().toString();
  }

  static byte[] encode(String incarnation, byte[] value) {
    UUID id = UUID.fromString(incarnation);
    return ByteBuffer.allocate(HEADER + value.length)
        .put(MAGIC)
        .putLong(id.getMostSignificantBits())
        .putLong(id.getLeastSignificantBits())
        .put(value)
        .array();
  }

  /** The same content, its marker being known not to exist. */
  CellContent withoutMarker() {
    return new CellContent(Optional.empty(), value, version, dataVersion, owner);
  }

  Versioned versioned() {
    return new Versioned(value, version);
  }
}

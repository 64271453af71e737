package io.tenure.etcd;

import com.google.protobuf.ByteString;
import io.tenure.spi.EntrySpec;
import io.tenure.spi.QueueName;
import java.util.Optional;

/**
 * Where things stand among etcd's keys.
 *
 * <p>Everything is under one prefix. What is not a queue or a cell begins with a dot, which the
 * core escapes, so that no name of a user's can meet it.
 */
final class Keys {
  private final ByteString prefix;

  /**
   * Takes the place of everything.
   *
   * @param namespace what the user's client puts in front of every key of its own; may be empty
   * @param root the path below it
   */
  Keys(ByteString namespace, String root) {
    this.prefix = namespace.concat(ByteString.copyFromUtf8(root + "/"));
  }

  /** The name of an entry, as it stands at the end of its key. */
  record EntryName(String kind, String id) {
    static Optional<EntryName> parse(String text) {
      int dot = text.indexOf('.');
      if (dot < 0) {
        return Optional.empty();
      }
      EntryName name = new EntryName(text.substring(0, dot), text.substring(dot + 1));
      return EntrySpec.isKind(name.kind) && EntrySpec.isId(name.id)
          ? Optional.of(name)
          : Optional.empty();
    }

    @Override
    public String toString() {
      return kind + "." + id;
    }
  }

  /** The key of a cell, or of an entry by its locator. */
  ByteString at(String path) {
    return prefix.concat(ByteString.copyFromUtf8(path));
  }

  /** The prefix of a queue's entries. */
  ByteString queue(QueueName queue) {
    return at(queue.path() + "/");
  }

  /** How an entry is found again: its key, less the prefix. */
  static String locator(QueueName queue, EntryName name) {
    return queue.path() + "/" + name;
  }

  /** Reads an entry's name out of its key; empty for what is no entry of this queue. */
  Optional<EntryName> entryName(QueueName queue, ByteString key) {
    return EntryName.parse(key.substring(queue(queue).size()).toStringUtf8());
  }

  /** The key that lives as long as the lease, by which it is seen to live. */
  ByteString session(long leaseId) {
    return at(".session/" + Long.toHexString(leaseId));
  }

  /** The key that keeps an entry that was withdrawn from being made after all. */
  ByteString withdrawn(String entryId) {
    return at(".withdrawn/" + entryId);
  }

  /** The end of the range of all keys with a prefix that ends with a slash. */
  static ByteString end(ByteString prefixWithSlash) {
    ByteString head = prefixWithSlash.substring(0, prefixWithSlash.size() - 1);
    return head.concat(ByteString.copyFromUtf8("0")); // The character after the slash.
  }
}

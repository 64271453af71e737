package io.tenure.consul;

import io.tenure.spi.EntrySpec;
import io.tenure.spi.QueueName;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where things are kept: {@code root/queue/kind.id} and {@code root/cell}.
 *
 * <p>What is neither begins with a dot, which the core escapes, so that no name of a user's can
 * meet it.
 *
 * <p>The core has escaped names as {@code %XX}, and so they stand in Consul. In the path of a URL
 * the percent sign is escaped once more, since the agent decodes a path and keeps a transaction's
 * keys as they are.
 */
final class Keys {
  private static final Pattern ROOT = Pattern.compile("[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*");

  private final String root;

  /** An entry's name in its queue. */
  record EntryName(String kind, String id) {}

  Keys(String root) {
    this.root = root;
  }

  static boolean isRoot(String root) {
    return ROOT.matcher(root).matches();
  }

  /** The prefix of a queue's entries; it ends with a slash, which no other queue's name begins. */
  String queue(QueueName queue) {
    return root + "/" + queue.path() + "/";
  }

  String entry(QueueName queue, EntrySpec spec) {
    return queue(queue) + spec.kind() + "." + spec.id();
  }

  String cell(String key) {
    return root + "/" + key;
  }

  /** The key that keeps an entry that was withdrawn from being made after all. */
  String withdrawn(String entryId) {
    return root + "/.withdrawn/" + entryId;
  }

  /** A key that nobody ever writes. */
  String nowhere() {
    return root + "/.nowhere";
  }

  /**
   * Tells the name of the entry that a key can be.
   *
   * @param key a key below the prefix
   * @param queue the queue's prefix
   * @return empty if no entry of this queue can have this key
   */
  static Optional<EntryName> entryName(String key, String queue) {
    int dot = key.lastIndexOf('.');
    if (!key.startsWith(queue) || dot < queue.length()) {
      return Optional.empty();
    }
    String kind = key.substring(queue.length(), dot);
    String id = key.substring(dot + 1);
    return EntrySpec.isKind(kind) && EntrySpec.isId(id)
        ? Optional.of(new EntryName(kind, id))
        : Optional.empty();
  }

  /** The directory that a queue's directory, or an entry's, is in, with a slash at the end. */
  static String parent(String directory) {
    return directory.substring(0, directory.lastIndexOf('/', directory.length() - 2) + 1);
  }

  /** The directory that a key is in, with a slash at the end. */
  static String directory(String key) {
    return key.substring(0, key.lastIndexOf('/') + 1);
  }

  static String url(String key) {
    return "/v1/kv/" + key.replace("%", "%25");
  }
}

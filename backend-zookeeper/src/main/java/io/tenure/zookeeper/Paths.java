package io.tenure.zookeeper;

import io.tenure.spi.EntrySpec;
import io.tenure.spi.QueueName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where things are in ZooKeeper.
 *
 * <p>A queue is a container node {@code <root>/<queue>} and its entries are {@code
 * <kind>.<id>-<sequence>} in it. A cell is a node {@code <root>/<key>} with a marker {@code
 * <key>~<incarnation>} beside it.
 */
final class Paths {
  private static final Pattern ENTRY =
      Pattern.compile("([a-z][a-z0-9]{0,7})\\.([0-9a-f]{32})-([0-9]{10}|-[0-9]{9,10})");

  private final String root;

  /** What an entry's node says by its name. */
  record EntryName(String node, String kind, String id, int sequence) {
    /*
     * The server numbers the children of a node with its count of creations in it, a signed 32-bit
     * number. When that reaches its end, after 25 days at a thousand entries a second in a queue
     * that is never empty for long, it does not wrap around but gets stuck: DataTree.createNode
     * keeps the larger of two counts. From then on one number is given out again and again, mixed
     * with negative ones, and two entries of which each believed to be first would both be granted.
     */

    /** Tells whether the sequence says the truth about the order of entries. */
    boolean isInOrder() {
      return sequence >= 0 && sequence < Integer.MAX_VALUE;
    }
  }

  /**
   * Begins below a root.
   *
   * @param namespace Curator's namespace, which our own handles have to put in front themselves;
   *     may be empty
   * @param root an absolute path
   */
  Paths(String namespace, String root) {
    String below = root.equals("/") ? "" : root;
    this.root = namespace.isEmpty() ? below : "/" + namespace + below;
  }

  /** A path that exists wherever the client may go, for requests that do not care. */
  static String anywhere() {
    return "/";
  }

  String queue(QueueName queue) {
    return root + "/" + queue.path();
  }

  String cell(String key) {
    return root + "/" + key;
  }

  static String marker(String cellPath, String incarnation) {
    return cellPath + "~" + incarnation;
  }

  /** The path of an entry's node without the sequence, which the server appends. */
  static String entryPrefix(String queuePath, EntrySpec spec) {
    return queuePath + "/" + spec.kind() + "." + spec.id() + "-";
  }

  /** Reads a child's name; empty if it is a stranger's. */
  static Optional<EntryName> entryName(String node) {
    Matcher parts = ENTRY.matcher(node);
    if (!parts.matches()) {
      return Optional.empty();
    }
    long sequence = Long.parseLong(parts.group(3));
    return sequence == (int) sequence
        ? Optional.of(new EntryName(node, parts.group(1), parts.group(2), (int) sequence))
        : Optional.empty();
  }

  static List<EntryName> entryNames(List<String> nodes) {
    return nodes.stream().map(Paths::entryName).flatMap(Optional::stream).toList();
  }

  static String nodeOf(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  static String parentOf(String path) {
    return path.substring(0, path.lastIndexOf('/'));
  }

  /** The path and everything above it, the outermost first. */
  static List<String> levels(String path) {
    List<String> levels = new ArrayList<>();
    for (int end = path.indexOf('/', 1); end >= 0; end = path.indexOf('/', end + 1)) {
      levels.add(path.substring(0, end));
    }
    levels.add(path);
    return levels;
  }
}

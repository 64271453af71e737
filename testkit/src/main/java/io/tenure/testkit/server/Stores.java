package io.tenure.testkit.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which stores a run tests, and which it did. When the JVM ends, one line tells of every store that
 * was used, with its version and how it was had, and of every one that was left out on purpose; it
 * goes to the standard error stream and is appended to {@code target/stores-tested.txt}.
 */
public final class Stores {
  private static final Logger log = LoggerFactory.getLogger(Stores.class);
  private static final String PROPERTY = "tenure.stores";
  private static final List<String> KNOWN = List.of("memory", "etcd", "consul", "zookeeper");

  private static final Report report = new Report();

  private Stores() {}

  /**
   * Tells whether a run is to test a store: every store, unless the system property {@code
   * tenure.stores} narrows the run on purpose to some, separated by commas, which the line at the
   * end reports. This project's build takes it from {@code -Dstores=memory,etcd}.
   *
   * @param store {@code memory}, {@code etcd}, {@code consul} or {@code zookeeper}
   * @return false if the property is set and does not name the store
   * @throws IllegalArgumentException if there is no such store, or the property names one that
   *     there is not
   */
  public static boolean isSelected(String store) {
    boolean selected = isSelected(store, System.getProperty(PROPERTY, ""));
    if (!selected) {
      note(report.leaveOut(store));
    }
    return selected;
  }

  static boolean isSelected(String store, String property) {
    check(store, "no such store");
    Set<String> chosen =
        Stream.of(property.toLowerCase(Locale.ROOT).split(","))
            .map(String::strip)
            .filter(name -> !name.isEmpty())
            .collect(Collectors.toSet());
    chosen.forEach(name -> check(name, "-Dstores names no store"));
    return chosen.isEmpty() || chosen.contains(store);
  }

  private static void check(String store, String what) {
    if (!KNOWN.contains(store)) {
      throw new IllegalArgumentException(
          "%s: \"%s\" (allowed: %s)".formatted(what, store, String.join(", ", KNOWN)));
    }
  }

  /**
   * Records that a store is being tested. {@link io.tenure.testkit.BackendContract} and the servers
   * of this package do so themselves.
   *
   * @param description the store with its version and how it was had, for example "ZooKeeper 3.9.5
   *     (in this JVM)"
   */
  public static void tested(String description) {
    note(report.use(Objects.requireNonNull(description, "description")));
  }

  private static void note(boolean first) {
    if (first) {
      Runtime.getRuntime().addShutdownHook(new Thread(Stores::write, "testkit-stores-tested"));
    }
  }

  private static void write() {
    String line = report.line();
    // Not System.err: Maven has taken that for the test that ran, and the last one is over.
    new PrintStream(new FileOutputStream(FileDescriptor.err), true, UTF_8).println(line);
    Path file = Directories.servers().resolveSibling("stores-tested.txt");
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(
          file, line + "\n", UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      log.warn("{} cannot be written", file, e);
    }
  }

  /** What was used and what was left out, in the order in which it first was. */
  static final class Report {
    private final Set<String> used = new LinkedHashSet<>();
    private final Set<String> leftOut = new LinkedHashSet<>();

    /** Adds a store that is used and tells whether this is the first that is heard of any. */
    synchronized boolean use(String description) {
      boolean first = isEmpty();
      used.add(description);
      return first;
    }

    /** Adds a store that is not used and tells whether this is the first that is heard of any. */
    synchronized boolean leaveOut(String store) {
      boolean first = isEmpty();
      leftOut.add(store);
      return first;
    }

    private boolean isEmpty() {
      return used.isEmpty() && leftOut.isEmpty();
    }

    synchronized String line() {
      return "stores tested: "
          + (used.isEmpty() ? "none" : String.join(", ", used))
          + (leftOut.isEmpty() ? "" : "; left out on purpose: " + String.join(", ", leftOut));
    }
  }
}

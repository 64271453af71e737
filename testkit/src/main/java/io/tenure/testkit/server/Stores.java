package io.tenure.testkit.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
   * Tells whether a run is to test a store: every store, unless {@code -Dtenure.stores=memory,etcd}
   * or the like narrows the run on purpose, which the line at the end reports.
   *
   * @param store {@code memory}, {@code etcd}, {@code consul} or {@code zookeeper}
   * @return false if the property is set and does not name the store
   * @throws IllegalArgumentException if there is no such store, or the property names one that
   *     there is not
   */
  public static boolean isSelected(String store) {
    boolean selected = isSelected(store, System.getProperty(PROPERTY, ""));
    if (!selected) {
      note(store, "left out on purpose");
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
    chosen.forEach(name -> check(name, "-D" + PROPERTY + " names no store"));
    return chosen.isEmpty() || chosen.contains(store);
  }

  private static void check(String store, String what) {
    if (!KNOWN.contains(store)) {
      throw new IllegalArgumentException(
          "%s: \"%s\" (allowed: %s)".formatted(what, store, String.join(", ", KNOWN)));
    }
  }

  /**
   * Records that a store is being tested. The servers of this package do so themselves.
   *
   * @param title the store's name, for example "ZooKeeper"
   * @param version its version, for example "3.9.5"
   * @param origin how it was had, for example "in process"
   */
  public static void tested(String title, String version, String origin) {
    Objects.requireNonNull(title, "title");
    note(title + " " + version, origin);
  }

  private static void note(String store, String how) {
    if (report.add(store, how)) {
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

  /** What was used and how, in the order in which it first was. */
  static final class Report {
    private final Map<String, Set<String>> stores = new LinkedHashMap<>();

    /** Adds a store and tells whether it is the first. */
    synchronized boolean add(String store, String how) {
      boolean first = stores.isEmpty();
      stores.computeIfAbsent(store, key -> new LinkedHashSet<>()).add(how);
      return first;
    }

    synchronized String line() {
      String list =
          stores.entrySet().stream()
              .map(entry -> entry.getKey() + " (" + String.join("; ", entry.getValue()) + ")")
              .collect(Collectors.joining(", "));
      return "stores tested: " + (list.isEmpty() ? "none" : list);
    }
  }
}

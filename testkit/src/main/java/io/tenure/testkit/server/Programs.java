package io.tenure.testkit.server;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds the program that runs a store's server, once per JVM. */
final class Programs {
  private static final Pattern VERSION =
      Pattern.compile("(?:etcd Version: |Consul v)(\\d+\\.\\d+\\.\\d+)");
  private static final ReentrantLock lock = new ReentrantLock();

  /** Guarded by the lock. */
  private static final Map<Store, Program> found = new EnumMap<>(Store.class);

  private Programs() {}

  static Program of(Store store) {
    lock.lock();
    try {
      Program program = found.get(store);
      if (program == null) {
        program = store == Store.ZOOKEEPER ? java() : find(store);
        found.put(store, program);
      }
      return program;
    } finally {
      lock.unlock();
    }
  }

  /** ZooKeeper needs its own classes and two more, which its POM leaves to the user. */
  private static Program java() {
    for (String name :
        new String[] {
          ZooKeeperType.MAIN,
          "com.codahale.metrics.Reservoir",
          "org.xerial.snappy.SnappyInputStream"
        }) {
      try {
        Class.forName(name, false, Programs.class.getClassLoader());
      } catch (ClassNotFoundException e) {
        throw new IllegalStateException(
            "ZooKeeper runs from the class path of this JVM, which lacks "
                + name
                + ": add curator-test to the tests' dependencies, or set TENURE_ZOOKEEPER=host:port",
            e);
      }
    }
    return new Program(
        Path.of(System.getProperty("java.home"), "bin", "java"),
        "",
        "processes from the class path");
  }

  private static Program find(Store store) {
    try {
      Optional<Path> installed = onPath(store.id());
      return installed.isPresent()
          ? new Program(installed.get(), version(store, installed.get()), "on the PATH")
          : new DebianPackage(store).program();
    } catch (IOException e) {
      throw new IllegalStateException(
          ("%1$s cannot be had: %2$s is not set; no container engine answers, or Testcontainers is"
                  + " not on the class path; and %4$s. Set %2$s=host:port, or put %3$s on the PATH,"
                  + " or start a container engine.")
              .formatted(store.title(), store.variable(), store.id(), e.getMessage()),
          e);
    }
  }

  static Optional<Path> onPath(String name) {
    String path = System.getenv("PATH");
    return Stream.of((path == null ? "" : path).split(Pattern.quote(File.pathSeparator)))
        .filter(directory -> !directory.isEmpty())
        .map(directory -> Path.of(directory, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** The version that a program tells, which also shows that it runs on this machine. */
  static String version(Store store, Path program) throws IOException {
    String answer =
        Command.run(program.toString(), store == Store.CONSUL ? "version" : "--version");
    Matcher matcher = VERSION.matcher(answer);
    if (!matcher.find()) {
      throw new IOException(program + " does not tell its version, but: " + answer.strip());
    }
    return matcher.group(1);
  }
}

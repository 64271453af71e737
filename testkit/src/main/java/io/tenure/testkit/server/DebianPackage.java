package io.tenure.testkit.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A server from Debian's package, downloaded and verified by apt and unpacked into the user's
 * cache; nothing is installed, and nothing of the machine's apt is changed. The mirrors are the
 * machine's own; the suite is the one that has the server, whatever Debian the machine runs.
 *
 * <p>What is in the cache stays there and is used from then on.
 */
final class DebianPackage {
  private final Store store;
  private final String name;
  private final String suite;

  DebianPackage(Store store) {
    this.store = store;
    this.name = store == Store.ETCD ? "etcd-server" : store.id();
    this.suite = store == Store.ETCD ? "trixie" : "bullseye";
  }

  /**
   * Returns the program, fetching it if need be.
   *
   * @throws IOException if it cannot be had, saying why
   */
  Program program() throws IOException {
    Cache.Item item = Cache.ofThisUser().get(store.id(), this::fetch);
    return new Program(executable(item.home()), item.version(), "Debian package");
  }

  private Path executable(Path home) {
    return home.resolve("usr/bin").resolve(store.id());
  }

  private Cache.Fetched fetch(Path work) throws IOException {
    for (String tool : List.of("apt-get", "dpkg-deb")) {
      if (Programs.onPath(tool).isEmpty()) {
        throw new IOException(store.id() + " is not on the PATH, nor is " + tool);
      }
    }
    List<AptSources.Mirror> mirrors = AptSources.ofThisMachine().mirrors();
    if (mirrors.isEmpty()) {
      throw new IOException("this machine's apt sources name no mirror of Debian");
    }
    List<String> failures = new ArrayList<>();
    for (AptSources.Mirror mirror : mirrors) {
      try {
        Path own = work.resolve("mirror-" + failures.size());
        return fetch(mirror, Files.createDirectories(own));
      } catch (IOException e) {
        failures.add(e.getMessage());
      }
    }
    throw new IOException(
        "no mirror in this machine's apt sources gave %s of %s (%s)"
            .formatted(name, suite, String.join("; ", failures)));
  }

  private Cache.Fetched fetch(AptSources.Mirror mirror, Path work) throws IOException {
    Path configuration = configure(mirror, work);
    Command.run(work, "apt-get", "-q", "-c", configuration.toString(), "update");
    Command.run(work, "apt-get", "-q", "-c", configuration.toString(), "download", name);
    Path archive;
    try (Stream<Path> files = Files.list(work)) {
      archive =
          files
              .filter(file -> file.toString().endsWith(".deb"))
              .findFirst()
              .orElseThrow(() -> new IOException("apt-get downloaded nothing"));
    }
    Path unpacked = work.resolve("unpacked");
    Command.run(work, "dpkg-deb", "-x", archive.toString(), unpacked.toString());
    return new Cache.Fetched(unpacked, Programs.version(store, executable(unpacked)));
  }

  /**
   * A configuration that is read after the machine's own, so that its proxies hold, and puts
   * everything that apt would read or write about packages elsewhere.
   */
  private Path configure(AptSources.Mirror mirror, Path work) throws IOException {
    for (String directory : List.of("lists/partial", "cache/archives/partial", "state")) {
      Files.createDirectories(work.resolve(directory));
    }
    Files.writeString(work.resolve("status"), "");
    Files.writeString(work.resolve("sources.list"), mirror.line(suite));
    return Files.writeString(
        work.resolve("apt.conf"),
        """
        Dir::Etc::sourcelist "%1$s/sources.list";
        Dir::Etc::sourceparts "/dev/null";
        Dir::Etc::preferences "/dev/null";
        Dir::Etc::preferencesparts "/dev/null";
        Dir::State "%1$s/state";
        Dir::State::lists "%1$s/lists";
        Dir::State::status "%1$s/status";
        Dir::Cache "%1$s/cache";
        Acquire::Languages "none";
        Acquire::Retries "3";
        APT::Update::Error-Mode "any";
        #clear APT::Update::Pre-Invoke;
        #clear APT::Update::Post-Invoke;
        #clear APT::Update::Post-Invoke-Success;
        """
            .formatted(work));
  }
}

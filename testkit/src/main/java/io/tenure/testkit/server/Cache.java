package io.tenure.testkit.server;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * A directory of programs that many JVMs share. What stands in it under a final name is complete
 * and stays as it is; whoever misses something fetches it while the others wait.
 */
final class Cache {
  /** A lock on a file keeps other JVMs out, but no threads of this one. */
  private static final ReentrantLock threads = new ReentrantLock();

  private final Path directory;

  Cache(Path directory) {
    this.directory = directory;
  }

  /** The user's, which outlives a build; where its home cannot be written to, the build's own. */
  static Cache ofThisUser() throws IOException {
    Path home = Path.of(System.getProperty("user.home"), ".cache", "tenure", "servers");
    return new Cache(
        isUsable(home) ? home : Files.createDirectories(Directories.servers().resolve("cache")));
  }

  /** Where builds run, a home that cannot be written to is common. */
  private static boolean isUsable(Path directory) {
    try {
      return Files.isWritable(Files.createDirectories(directory));
    } catch (IOException e) {
      return false;
    }
  }

  /** A file beside the programs, which whoever uses it creates. */
  Path file(String name) {
    return directory.resolve(name);
  }

  /** What makes something that is missing. */
  interface Fetch {
    /**
     * Makes it below an empty directory, of which nothing else is kept.
     *
     * @return where it is, below the directory, and its version
     */
    Fetched in(Path work) throws IOException;
  }

  /** What was fetched, still below the directory that it was fetched into. */
  record Fetched(Path content, String version) {}

  /** Something in the cache. */
  record Item(Path home, String version) {}

  /**
   * Returns what has a name, in its newest version here, fetching it if there is none.
   *
   * @throws IOException if it cannot be fetched
   */
  Item get(String name, Fetch fetch) throws IOException {
    Optional<Item> cached = find(name);
    if (cached.isPresent()) {
      return cached.get();
    }
    threads.lock();
    try (FileChannel channel =
        FileChannel.open(
            directory.resolve(name + ".lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE)) {
      channel.lock(); // Until the channel is closed.
      cached = find(name);
      return cached.isPresent() ? cached.get() : fetch(name, fetch);
    } finally {
      threads.unlock();
    }
  }

  private Optional<Item> find(String name) throws IOException {
    String prefix = name + "-";
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .filter(entry -> entry.getFileName().toString().startsWith(prefix))
          .max(Path::compareTo)
          .map(home -> new Item(home, home.getFileName().toString().substring(prefix.length())));
    }
  }

  private Item fetch(String name, Fetch fetch) throws IOException {
    Path work = directory.resolve(".fetching-" + name);
    Directories.delete(work); // Of somebody who was killed.
    try {
      Fetched fetched = fetch.in(Files.createDirectories(work));
      Path home = directory.resolve(name + "-" + fetched.version());
      return new Item(
          Files.move(fetched.content(), home, StandardCopyOption.ATOMIC_MOVE), fetched.version());
    } finally {
      Directories.delete(work);
    }
  }
}

package io.tenure.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheTest {
  private static final int FILES = 300;

  @TempDir private Path directory;

  /** Makes many files, one by one, so that somebody who does not wait sees only some. */
  private static Cache.Fetched unpack(Path work) throws IOException {
    Path content = Files.createDirectories(work.resolve("content"));
    for (int i = 0; i < FILES; i++) {
      Files.writeString(content.resolve("file-" + i), "whole");
    }
    return new Cache.Fetched(content, "1.0");
  }

  private static long files(Cache.Item item) throws IOException {
    try (Stream<Path> files = Files.list(item.home())) {
      return files.count();
    }
  }

  @Test
  void whoeverComesFirstFetchesAndAllOthersFindTheWholeOfIt() throws Exception {
    String cache = directory.toString();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (ChildJvm one = ChildJvm.start(Main.class, List.of(), cache);
        ChildJvm two = ChildJvm.start(Main.class, List.of(), cache)) {
      Stream.of(one, two).forEach(ChildJvm::line);
      one.proceed();
      two.proceed();
      List<CompletableFuture<String>> here =
          Stream.generate(() -> CompletableFuture.supplyAsync(() -> get(cache), threads))
              .limit(2)
              .toList();
      List<String> told =
          Stream.concat(
                  Stream.of(one, two).map(ChildJvm::line), here.stream().map(Eventually::answer))
              .toList();

      assertThat(told).hasSize(4);
      assertThat(told).filteredOn(line -> line.equals("fetched " + FILES)).hasSize(1);
      assertThat(told).filteredOn(line -> line.equals("found " + FILES)).hasSize(3);
      assertThat(directory.resolve(".fetching-server")).doesNotExist();
    } finally {
      threads.shutdownNow();
    }
  }

  private static String get(String directory) {
    boolean[] fetched = new boolean[1];
    try {
      Cache.Item item =
          new Cache(Path.of(directory))
              .get(
                  "server",
                  work -> {
                    fetched[0] = true;
                    return unpack(work);
                  });
      return (fetched[0] ? "fetched " : "found ") + files(item);
    } catch (IOException e) {
      return e.toString();
    }
  }

  static final class Main {
    public static void main(String[] arguments) throws Exception {
      System.out.println("ready");
      System.in.read();
      System.out.println(get(arguments[0]));
    }
  }

  @Test
  void whatSomebodyHadBegunWhoWasKilledIsBegunAgain() throws Exception {
    Path begun = Files.createDirectories(directory.resolve(".fetching-server/content"));
    Files.writeString(begun.resolve("half"), "half");

    Cache.Item item = new Cache(directory).get("server", CacheTest::unpack);

    assertThat(item.home()).isEqualTo(directory.resolve("server-1.0"));
    assertThat(item.version()).isEqualTo("1.0");
    assertThat(files(item)).isEqualTo(FILES);
  }

  @Test
  void whatCannotBeFetchedLeavesNothingAndIsTriedAgain() throws Exception {
    Cache cache = new Cache(directory);
    assertThatThrownBy(
            () ->
                cache.get(
                    "server",
                    work -> {
                      Files.createDirectories(work.resolve("content"));
                      throw new IOException("no mirror");
                    }))
        .hasMessage("no mirror");
    assertThat(directory).isDirectoryNotContaining("glob:**server-*");

    assertThat(files(cache.get("server", CacheTest::unpack))).isEqualTo(FILES);
  }
}

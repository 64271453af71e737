package io.tenure.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class ReadmeTest {
  private static final Pattern JAVA_BLOCK = Pattern.compile("(?s)```java\n(.*?)```");

  @Test
  void everyLineOfJavaInTheReadmeCompiles() throws IOException {
    assertCompiled(Path.of("..", "README.md"), source("test", "ReadmeLines.java"));
  }

  @Test
  void everyLineOfJavaAboutOutcomesIsOneOfAnExample() throws IOException {
    assertCompiled(
        Path.of("..", "docs", "concepts", "outcomes.md"),
        source("main", "SeveralCellsExample.java"));
  }

  @Test
  void everyLineOfJavaOnThePageAboutTestingRuns() throws IOException {
    assertCompiled(
        Path.of("..", "docs", "testing-your-code.md"), source("test", "SimulatedTaskTest.java"));
  }

  private static Path source(String set, String file) {
    return Path.of("src", set, "java", "io", "tenure", "examples", file);
  }

  private static void assertCompiled(Path document, Path source) throws IOException {
    String compiled = withoutLayout(Files.readString(source));
    List<String> shown =
        JAVA_BLOCK
            .matcher(Files.readString(document))
            .results()
            .map((MatchResult block) -> block.group(1))
            .flatMap(block -> Stream.of(block.split("\n\n")))
            .map(ReadmeTest::withoutLayout)
            .toList();
    assertThat(shown).isNotEmpty();
    assertThat(shown)
        .as("lines of %s that are not in %s, where the compiler would read them", document, source)
        .allMatch(compiled::contains);
  }

  private static String withoutLayout(String java) {
    return java.replaceAll("(?m)//.*$", "").replaceAll("\\s+", "");
  }
}

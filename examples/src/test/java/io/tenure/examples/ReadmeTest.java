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
  private static final Path HERE = Path.of("src", "test", "java", "io", "tenure", "examples");

  @Test
  void everyLineOfJavaInTheReadmeCompiles() throws IOException {
    assertShownAsIn("README.md", "ReadmeLines.java");
  }

  @Test
  void everyLineOfJavaOnThePageAboutTestingRuns() throws IOException {
    assertShownAsIn("docs/testing-your-code.md", "SimulatedTaskTest.java");
  }

  private static void assertShownAsIn(String document, String source) throws IOException {
    String compiled = withoutLayout(Files.readString(HERE.resolve(source)));
    List<String> shown =
        JAVA_BLOCK
            .matcher(Files.readString(Path.of("..", document)))
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

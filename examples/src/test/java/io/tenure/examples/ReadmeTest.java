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
  private static final Path README = Path.of("..", "README.md");
  private static final Path COMPILED =
      Path.of("src", "test", "java", "io", "tenure", "examples", "ReadmeLines.java");

  @Test
  void everyLineOfJavaInTheReadmeCompiles() throws IOException {
    String compiled = withoutLayout(Files.readString(COMPILED));
    List<String> shown =
        JAVA_BLOCK
            .matcher(Files.readString(README))
            .results()
            .map((MatchResult block) -> block.group(1))
            .flatMap(block -> Stream.of(block.split("\n\n")))
            .map(ReadmeTest::withoutLayout)
            .toList();
    assertThat(shown).isNotEmpty();
    assertThat(shown)
        .as("lines of README.md that are not in ReadmeLines, where the compiler would read them")
        .allMatch(compiled::contains);
  }

  private static String withoutLayout(String java) {
    return java.replaceAll("(?m)//.*$", "").replaceAll("\\s+", "");
  }
}

package io.tenure.defects;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A small change of one source file of the project, which exists in memory only.
 *
 * <p>The text to be replaced must occur exactly once, whatever its white space, so that a change
 * whose place was rewritten fails instead of changing nothing.
 *
 * @param module the module's directory
 * @param file the file below {@code src/main/java}
 * @param find what is replaced
 * @param replacement what stands there instead
 */
record Change(String module, String file, String find, String replacement) {
  private static final Pattern TOKEN = Pattern.compile("\\w+|[^\\w\\s]");

  /** Where the modules are, seen from the directory that Maven runs tests in. */
  static final Path PROJECT = Path.of("..");

  /** A change of the core. */
  static Change core(String file, String find, String replacement) {
    return new Change("core", "io/tenure/" + file, find, replacement);
  }

  /** The class that the file is named after. */
  String className() {
    return file.substring(0, file.length() - ".java".length()).replace('/', '.');
  }

  /** Returns the changed source. */
  String source() {
    Path path = PROJECT.resolve(module).resolve("src/main/java").resolve(file);
    try {
      return applyTo(Files.readString(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String applyTo(String source) {
    Matcher places =
        Pattern.compile(
                TOKEN
                    .matcher(find)
                    .results()
                    .map(MatchResult::group)
                    .map(Pattern::quote)
                    .collect(Collectors.joining("\\s*")))
            .matcher(source);
    long count = places.results().count();
    if (count != 1) {
      throw new IllegalStateException(
          file + " has " + count + " places, and not one, with the text:\n" + find);
    }
    return places.replaceFirst(Matcher.quoteReplacement(replacement));
  }
}
